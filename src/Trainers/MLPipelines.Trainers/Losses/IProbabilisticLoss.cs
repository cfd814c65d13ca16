namespace MLPipelines.Trainers.Losses;

/// <summary>A loss for labels that may all apply at once, whose optimal score says how probable a label is: t = σ(c·s).</summary>
public interface IProbabilisticLoss : ILoss
{
    /// <summary>The factor c: 2 for the ZLPR losses, 1 for sigmoid cross entropy.</summary>
    double ProbabilityScale { get; }
}
