using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Scores every pair of a first and a last token for every entity type with one rotary inner product.</summary>
/// <remarks>
/// y = xWᵀ + b gives a query and a key of width D for each type; logits[b, e, i, j] = R(q)ᵢ·R(k)ⱼ/√D, where i is the first and j the last token of the span.
/// The logits are raw: no cell is masked and no sigmoid is applied; a span is predicted where the logit is above 0.
/// Parameters: <c>dense.weight</c> [E·2D, H], <c>dense.bias</c> [E·2D], with the rows of one type together, its D query rows before its D key rows.
/// The first weights are a truncated normal with σ = √(1/H).
/// Sources: https://arxiv.org/abs/2208.03054, https://kexue.fm/archives/8373.
/// </remarks>
/// <example><code>
/// using var head = new GlobalPointerHead(hidden: 256, entityTypes: 3, maximumLength: 512, new());
/// using var logits = head.call(hidden); // [batch, tokens, 256] → [batch, 3, tokens, tokens]
/// var trainer = mlContext.SpanExtraction().Trainers.GlobalPointer(new() { Head = "global-pointer" });
/// </code></example>
[PipelineComponent("head.global-pointer.v1", Source = "https://arxiv.org/abs/2208.03054", Summary = "One rotary inner product for each type of span")]
public sealed class GlobalPointerHead : nn.Module<Tensor, Tensor>, ISpanHead
{
    readonly int entityTypes;
    readonly int width;
    readonly RotaryEmbedding? rotary;

    [ComponentName(Name = "dense")]
    readonly Dense dense;

    /// <summary>Creates the head.</summary>
    /// <param name="hidden">The width H of the token vectors.</param>
    /// <param name="entityTypes">The number of entity types E.</param>
    /// <param name="maximumLength">The longest sequence.</param>
    /// <param name="options">Further settings.</param>
    /// <param name="generator">For first values; not owned.</param>
    public GlobalPointerHead(int hidden, int entityTypes, int maximumLength, Options options, Generator? generator = null) : base(nameof(GlobalPointerHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entityTypes, 1);
        OptionsValidator.Validate(options, nameof(GlobalPointerHead));
        (this.entityTypes, width, Settings) = (entityTypes, options.HeadSize, options);
        rotary = options.Rotary ? new(width, maximumLength) : null;
        dense = new(hidden, 2L * entityTypes * width, generator, Math.Sqrt(1.0 / hidden));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public int EntityTypes => entityTypes;

    /// <summary>The settings this head was created with.</summary>
    public Options Settings { get; }

    object ISpanHead.Settings => Settings;

    /// <inheritdoc/>
    public Device Device => dense.Weight.device;

    /// <inheritdoc/>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var vectors = rotary is null ? dense.call(hidden).unflatten(2, entityTypes, 2, width) : rotary.RotateOutput(dense, hidden, entityTypes, 2, width); // [B, T, E, 2, D]
        var starts = vectors.select(3, 0).transpose(1, 2); // [B, E, T, D]
        var ends = vectors.select(3, 1).permute(0, 2, 3, 1); // [B, E, D, T]
        return starts.matmul(ends).mul_(1 / Math.Sqrt(width)).MoveToOuterDisposeScope();
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
        /// <summary>The width D of one query or key, even.</summary>
        /// <value>The default is 64.</value>
        [Range(2, 4096), Even] public int HeadSize { get; init; } = 64;

        /// <summary>Whether positions take part. Without them the head cannot tell short spans from long ones.</summary>
        /// <value>The default is true.</value>
        public bool Rotary { get; init; } = true;

        /// <inheritdoc/>
        public decimal CountParameters(int hidden, int entityTypes) => 2m * entityTypes * HeadSize * (hidden + 1m);

        /// <inheritdoc/>
        public ISpanHead Create(int hidden, int entityTypes, int maximumLength, Generator? generator = null) =>
            new GlobalPointerHead(hidden, entityTypes, maximumLength, this, generator);
    }
}
