namespace MLPipelines.Trainers.Optimizers;

/// <summary>The numbers of one AdamW step, the same for every element of a parameter.</summary>
/// <remarks>Scale multiplies the gradient; Decay is 1 − ηλ, StepSize η / (1 − β₁ᵗ), SecondCorrection 1 / √(1 − β₂ᵗ).</remarks>
readonly record struct AdamWCoefficients(
    double Scale, double Decay, double Beta1, double OneMinusBeta1, double Beta2, double OneMinusBeta2, double StepSize, double SecondCorrection, double Epsilon)
{
    public static AdamWCoefficients At(long step, AdamW.Options options, double learningRate, double weightDecay, double scale) => new(
        scale,
        1 - learningRate * weightDecay,
        options.Beta1,
        1 - options.Beta1,
        options.Beta2,
        1 - options.Beta2,
        learningRate / (1 - Math.Pow(options.Beta1, step)),
        1 / Math.Sqrt(1 - Math.Pow(options.Beta2, step)),
        options.Epsilon);
}
