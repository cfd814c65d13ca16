using MLPipelines.Encoders;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>What each query may look at in one forward pass: made once from the input and shared by all layers.</summary>
/// <remarks>A key is visible when it is a real token and the input's own rule, if it has one, allows it. Owns its tensors. Not thread-safe: one forward pass, one mask.</remarks>
public sealed class AttentionMask : IDisposable
{
    readonly ScalarType dtype;
    Tensor? bias;
    Tensor? visibleKeys;

    /// <summary>Combines padding and the input's rule.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="dtype">The type of attention scores.</param>
    public AttentionMask(EncoderInput input, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(input);
        (this.dtype, Keys) = (dtype, input.Ids.shape[1]);
        if (!input.HasPadding && input.Visible is null) return;
        using var scope = NewDisposeScope();
        var visible = input.Mask.unsqueeze(1).unsqueeze(1); // [B, 1, 1, T]
        if (input.Visible is not null) visible = visible.logical_and(input.Visible.unsqueeze(1)); // [B, 1, T, T]
        Visible = visible.DetachFromDisposeScope();
    }

    /// <summary>The number of keys T, padding included.</summary>
    public long Keys { get; }

    /// <summary>Which keys are visible, bool [B, 1, 1 or T, T]; null when all are.</summary>
    public Tensor? Visible { get; }

    /// <summary>What is added to scores before a softmax, [B, 1, 1 or T, T]: 0 where the key is visible and a large negative number where not. Null when all are.</summary>
    /// <remarks>The number is finite, so that a query that sees nothing stays a number.</remarks>
    public Tensor? Bias => Visible is null ? null : bias ??= MakeBias(Visible);

    /// <summary>The number of visible keys of each query, at least 1, float32 (float64 where scores are) [B, 1, 1 or T, 1]. Null when it is <see cref="Keys"/> for all.</summary>
    public Tensor? VisibleKeys => Visible is null ? null : visibleKeys ??= Count(Visible);

    /// <inheritdoc/>
    public void Dispose()
    {
        Visible?.Dispose();
        bias?.Dispose();
        visibleKeys?.Dispose();
    }

    Tensor MakeBias(Tensor visible)
    {
        using var hidden = visible.logical_not();
        var values = hidden.to(dtype);
        return values.mul_(dtype == ScalarType.Float16 ? -6e4 : -1e9).DetachFromDisposeScope();
    }

    Tensor Count(Tensor visible)
    {
        using var count = visible.sum(-1, keepdim: true, dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        return count.clamp(1).DetachFromDisposeScope();
    }
}
