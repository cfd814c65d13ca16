namespace Microsoft.ML.Trainers;

/// <summary>Exponentials and their sum, on a logarithmic scale.</summary>
internal static class SoftMax
{
    // What is so far below the greatest adds nothing, as in ML.NET.
    private const float Negligible = 30;

    /// <summary>log Σ exp score.</summary>
    public static float LogSum(ReadOnlySpan<float> scores)
    {
        int greatest = 0;
        float most = float.NegativeInfinity;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > most)
                (greatest, most) = (i, scores[i]);
        }
        if (float.IsNegativeInfinity(most) || scores.Length == 1)
            return most;
        double others = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (i != greatest && scores[i] > most - Negligible)
                others += Math.Exp(scores[i] - most);
        }
        return others > 0 ? (float)(most + Math.Log(1 + others)) : most;
    }

    /// <summary>Turns scores into probabilities.</summary>
    public static void Apply(Span<float> scores)
    {
        float logSum = LogSum(scores);
        foreach (ref float score in scores)
            score = (float)Math.Exp(score - logSum);
    }
}
