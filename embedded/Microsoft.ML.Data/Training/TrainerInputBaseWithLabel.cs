namespace Microsoft.ML.Trainers;

/// <summary>What the options of all trainers with labels have in common.</summary>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    public string LabelColumnName = "Label";

    private protected TrainerInputBaseWithLabel()
    {
    }
}
