namespace Microsoft.ML.Trainers;

/// <summary>What the options of all trainers have in common.</summary>
public abstract class TrainerInputBase
{
    public string FeatureColumnName = "Features";

    private protected TrainerInputBase()
    {
    }
}
