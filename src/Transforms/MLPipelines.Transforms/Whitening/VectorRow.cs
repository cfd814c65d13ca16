namespace MLPipelines.Whitening;

/// <summary>A row on its way through <see cref="WhiteningScorer"/>.</summary>
/// <param name="values">The input vector, dense.</param>
public sealed class VectorRow(float[] values)
{
    /// <summary>The input vector, dense.</summary>
    public IReadOnlyList<float> Values => values;

    /// <summary>The result; empty until the row has been scored.</summary>
    public IReadOnlyList<float> Result => Whitened;

    internal float[] Input => values;

    internal float[] Whitened { get; set; } = [];
}
