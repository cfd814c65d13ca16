using MLPipelines.Encoders;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Pretraining;

/// <summary>An encoder with the head of its family that guesses hidden tokens, at given places only.</summary>
sealed class MaskedLanguageModel : nn.Module<EncoderInput, Tensor, Tensor>
{
    [ComponentName(Name = "encoder")]
    readonly nn.Module<EncoderInput, Tensor> encoder;

    [ComponentName(Name = "head")]
    readonly nn.Module<Tensor, Tensor, Tensor> head;

    public MaskedLanguageModel(IMaskedLanguageModel encoder, nn.Module<Tensor, Tensor, Tensor> head) : base(nameof(MaskedLanguageModel))
    {
        this.encoder = (nn.Module<EncoderInput, Tensor>)encoder;
        this.head = head;
        RegisterComponents();
    }

    public IMaskedLanguageModel Encoder => (IMaskedLanguageModel)encoder;

    public nn.Module<Tensor, Tensor, Tensor> Head => head;

    /// <summary>Scores the vocabulary at M places.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="places">int64 [M]: row · T + position.</param>
    /// <returns>[M, V], fresh.</returns>
    public override Tensor forward(EncoderInput input, Tensor places)
    {
        using var scope = NewDisposeScope();
        var hidden = encoder.call(input).flatten(0, 1).index_select(0, places); // [M, H]
        return head.call(hidden, Encoder.TokenWeights).MoveToOuterDisposeScope();
    }
}
