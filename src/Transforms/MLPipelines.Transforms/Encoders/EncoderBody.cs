using MLPipelines.Layers;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>What every encoder does with its parts: embed, bring to the hidden width, hide what is not to be seen, and apply the layers.</summary>
/// <remarks>No module itself, so that the parts keep the parameter names that the encoder gives them.</remarks>
internal sealed record EncoderBody(int MaximumLength, TokenTypeEmbedding Embeddings, Dense? Projection, LayerStack Layers)
{
    /// <inheritdoc cref="IEncoder.forward"/>
    public Tensor Encode(EncoderInput input) => EncoderPieces.CanSplit(input) && !Layers.training ? EncoderPieces.Encode(input, EncodeWhole) : EncodeWhole(input);

    Tensor EncodeWhole(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var hidden = Embed(input);
        using var mask = new AttentionMask(input, hidden.dtype);
        return Layers.call(hidden, mask).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="IHiddenStates.HiddenStates"/>
    public IReadOnlyList<Tensor> HiddenStates(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var hidden = Embed(input);
        using var mask = new AttentionMask(input, hidden.dtype);
        return [.. Layers.States(hidden, mask).Select(state => state.MoveToOuterDisposeScope())];
    }

    Tensor Embed(EncoderInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var length = input.Ids.shape[1];
        if (length > MaximumLength) throw Failures.SequenceTooLong(length, MaximumLength);
        var embedded = Embeddings.call(input); // [B, T, E]
        return Projection is null ? embedded : Projection.call(embedded); // [B, T, H]
    }
}
