using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Scores every vocabulary entry at every token with the encoder's token embedding E alone: logits = x·Eᵀ, or (xWᵀ)·Eᵀ where the embedding is narrower.</summary>
/// <remarks>
/// No bias, no activation and no norm. Parameters: none, or <c>dense.weight</c> [E, H]. The embedding is passed to each call, because the encoder owns it.
/// Source: https://kexue.fm/archives/8998.
/// </remarks>
public sealed class TiedLanguageModelHead : nn.Module<Tensor, Tensor, Tensor>, IMixedPrecision
{
    [ComponentName(Name = "dense")]
    readonly Dense? dense;

    /// <summary>Creates the head.</summary>
    /// <param name="hidden">Width H of the encoder's vectors.</param>
    /// <param name="embedding">Width E of its token embedding.</param>
    /// <param name="parameters">Makes the weight of the map between them, where they differ.</param>
    public TiedLanguageModelHead(int hidden, int embedding, ParameterFactory parameters) : base(nameof(TiedLanguageModelHead))
    {
        dense = hidden == embedding ? null : new(hidden, embedding, parameters, hasBias: false);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public ScalarType? ComputeType { get; set; }

    /// <summary>Scores.</summary>
    /// <param name="hidden">[…, H].</param>
    /// <param name="tokens">The token embedding [V, E].</param>
    /// <returns>[…, V], fresh.</returns>
    public override Tensor forward(Tensor hidden, Tensor tokens)
    {
        if (dense is null) return MixedPrecision.Linear(hidden, tokens, null, ComputeType);
        using var narrow = dense.call(hidden); // […, E]
        return MixedPrecision.Linear(narrow, tokens, null, ComputeType);
    }
}
