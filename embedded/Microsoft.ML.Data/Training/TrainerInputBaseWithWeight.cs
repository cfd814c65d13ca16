namespace Microsoft.ML.Trainers;

/// <summary>What the options of trainers with labels and weights have in common.</summary>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    public string ExampleWeightColumnName;

    private protected TrainerInputBaseWithWeight()
    {
    }
}
