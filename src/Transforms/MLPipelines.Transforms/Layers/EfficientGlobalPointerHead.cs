using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>A GlobalPointer whose entity types share one span score: each further type costs 4D parameters instead of 2HD.</summary>
/// <remarks>
/// p = xWₚᵀ + bₚ, of width 2D; its even elements are the query q, its odd elements the key k. b = (pW_qᵀ + b_q)/2, of width 2E, from p before the rotation.
/// logits[b, e, i, j] = R(q)ᵢ·R(k)ⱼ/√D + b[j, 2e] + b[i, 2e + 1]: "is this a span" is shared, "of which type" depends on the last token (even columns) and on the first (odd ones).
/// The logits are raw: no cell is masked and no sigmoid is applied; a span is predicted where the logit is above 0.
/// Parameters: <c>p_dense.weight</c> [2D, H], <c>p_dense.bias</c>, <c>q_dense.weight</c> [2E, 2D], <c>q_dense.bias</c>. The first weights are truncated normals with σ = √(1/inputs).
/// Sources: https://arxiv.org/abs/2208.03054, https://kexue.fm/archives/8877.
/// </remarks>
/// <example><code>
/// using var head = new EfficientGlobalPointerHead(hidden: 256, entityTypes: 3, maximumLength: 512, new());
/// using var logits = head.call(hidden); // [batch, tokens, 256] → [batch, 3, tokens, tokens]
/// var trainer = mlContext.SpanExtraction().Trainers.GlobalPointer(new() { Head = "efficient-global-pointer" });
/// </code></example>
[PipelineComponent("head.efficient-global-pointer.v1", Source = "https://arxiv.org/abs/2208.03054", Summary = "GlobalPointer with one span score shared by all types, for many types")]
public sealed class EfficientGlobalPointerHead : nn.Module<Tensor, Tensor>, ISpanHead
{
    readonly int entityTypes;
    readonly int width;
    readonly RotaryEmbedding? rotary;

    [ComponentName(Name = "p_dense")]
    readonly Dense pair;

    [ComponentName(Name = "q_dense")]
    readonly Dense types;

    /// <summary>Creates the head.</summary>
    /// <param name="hidden">The width H of the token vectors.</param>
    /// <param name="entityTypes">The number of entity types E.</param>
    /// <param name="maximumLength">The longest sequence.</param>
    /// <param name="options">Further settings.</param>
    /// <param name="generator">For first values; not owned.</param>
    public EfficientGlobalPointerHead(int hidden, int entityTypes, int maximumLength, Options options, Generator? generator = null) : base(nameof(EfficientGlobalPointerHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entityTypes, 1);
        Settings = OptionsValidator.Validate(options, "head.efficient-global-pointer.v1");
        (this.entityTypes, width) = (entityTypes, options.HeadSize);
        rotary = options.Rotary ? new(width, maximumLength) : null;
        pair = new(hidden, 2L * width, generator, Math.Sqrt(1.0 / hidden));
        types = new(2L * width, 2L * entityTypes, generator, Math.Sqrt(0.5 / width));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public int EntityTypes => entityTypes;

    /// <summary>The settings this head was created with.</summary>
    public Options Settings { get; }

    object ISpanHead.Settings => Settings;

    /// <inheritdoc/>
    public Device Device => pair.Weight.device;

    /// <inheritdoc/>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var projected = pair.call(hidden); // [B, T, 2D]
        var vectors = projected.unflatten(2, width, 2).transpose(2, 3); // [B, T, 2, D]: even elements, odd elements
        if (rotary is not null) vectors = rotary.Rotate(vectors.contiguous());
        var spans = vectors.select(2, 0).matmul(vectors.select(2, 1).transpose(1, 2)).mul_(1 / Math.Sqrt(width)); // [B, T, T]
        var biases = types.call(projected).mul(0.5).transpose(1, 2).unflatten(1, entityTypes, 2); // [B, E, 2, T]
        var (ofLast, ofFirst) = (biases.select(2, 0).unsqueeze(2), biases.select(2, 1).unsqueeze(3)); // [B, E, 1, T], [B, E, T, 1]
        return spans.unsqueeze(1).add(ofLast).add_(ofFirst).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) rotary?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Settings of the head.</summary>
    public sealed record Options : ISpanHeadOptions
    {
        /// <summary>The width D of the query and of the key, even.</summary>
        /// <value>The default is 64.</value>
        [Range(2, 4096), Even] public int HeadSize { get; init; } = 64;

        /// <summary>Whether positions take part. Without them the head cannot tell short spans from long ones.</summary>
        /// <value>The default is true.</value>
        public bool Rotary { get; init; } = true;

        /// <inheritdoc/>
        public decimal CountParameters(int hidden, int entityTypes) => (2m * HeadSize * (hidden + 1m)) + (2m * entityTypes * ((2m * HeadSize) + 1m));

        /// <inheritdoc/>
        public ISpanHead Create(int hidden, int entityTypes, int maximumLength, Generator? generator = null) =>
            new EfficientGlobalPointerHead(hidden, entityTypes, maximumLength, this, generator);
    }
}
