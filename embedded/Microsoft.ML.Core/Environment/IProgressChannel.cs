namespace Microsoft.ML.Runtime;

/// <summary>Reports how far a computation is.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    /// <summary>Says what is counted and measured, and how to read it at any moment.</summary>
    void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction);

    /// <summary>Reports metrics, then units, then limits of the units.</summary>
    void Checkpoint(params double?[] values);
}
