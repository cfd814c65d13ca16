using System.Globalization;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Scores times ln l / ln 512, where l is the number of keys that the query sees, so that the entropy of attention does not grow with the length (<c>softmax_plus</c>).</summary>
/// <param name="minimum">The least l that is used. 1 is how GAU-α was trained; bert4keras has used 16 since version 0.11.5.</param>
/// <remarks>Padding and masks count: l is the number of visible keys, not the length of the batch. Source: https://kexue.fm/archives/8823.</remarks>
public sealed class LogLengthScale(int minimum = 1) : IAttentionScale
{
    const double TrainingLength = 512;

    /// <inheritdoc/>
    public Tensor Apply(Tensor query, AttentionMask mask)
    {
        if (mask.VisibleKeys is not { } visible) return query.mul(Factor(mask.Keys));
        using var scope = NewDisposeScope();
        var factor = visible.clamp(minimum).log_().div_(Math.Log(TrainingLength)); // [B, 1, 1 or T, 1]
        return query.mul(factor.to(query.dtype)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ln max(l, {minimum}) / ln {TrainingLength}");

    double Factor(long keys) => Math.Log(Math.Max(keys, minimum)) / Math.Log(TrainingLength);
}
