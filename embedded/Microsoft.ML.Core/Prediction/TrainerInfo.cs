namespace Microsoft.ML;

/// <summary>What a trainer would like to know its data to be.</summary>
public sealed class TrainerInfo
{
    internal TrainerInfo(bool normalization = true, bool caching = true)
    {
        NeedNormalization = normalization;
        WantCaching = caching;
    }

    /// <summary>Whether it learns better from normalized features.</summary>
    public bool NeedNormalization { get; }

    /// <summary>Whether it reads the data more than once.</summary>
    public bool WantCaching { get; }
}
