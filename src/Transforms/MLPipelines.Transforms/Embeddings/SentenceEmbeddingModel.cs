using MLPipelines.Encoders;
using MLPipelines.Layers;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Embeddings;

/// <summary>An encoder and what makes one vector of its result.</summary>
/// <remarks>
/// Parameters: <c>encoder.*</c> and, where there is a pooler, <c>pooler.*</c>. The model owns both parts. In eval mode it is safe for concurrent use. Gradients flow
/// through it in training. Sources: https://kexue.fm/archives/8321, https://arxiv.org/abs/2103.15316.
/// </remarks>
public sealed class SentenceEmbeddingModel : nn.Module<EncoderInput, Tensor>
{
    [ComponentName(Name = "encoder")]
    readonly nn.Module<EncoderInput, Tensor> encoder;

    [ComponentName(Name = "pooler")]
    readonly FirstTokenPooler? pooler;

    readonly SentencePooling pooling;

    /// <summary>Joins the parts.</summary>
    /// <param name="encoder">An encoder that is also a module of the same input and result; owned from now on.</param>
    /// <param name="pooling">How tokens become one vector.</param>
    /// <param name="pooler">The pooler; owned from now on. Needed by <see cref="SentencePooling.Pooler"/> only.</param>
    /// <exception cref="ArgumentException">The encoder cannot do what the pooling needs.</exception>
    public SentenceEmbeddingModel(IEncoder encoder, SentencePooling pooling, FirstTokenPooler? pooler = null) : base(nameof(SentenceEmbeddingModel))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        this.encoder = encoder as nn.Module<EncoderInput, Tensor> ?? throw Failures.EncoderIsNoModule(encoder.GetType());
        if (pooling is SentencePooling.Pooler && pooler is null) throw Failures.PoolerMissing();
        if (pooling is SentencePooling.FirstLastAverage && encoder is not IHiddenStates) throw Failures.HiddenStatesMissing(encoder.GetType());
        (this.pooling, this.pooler) = (pooling, pooler);
        RegisterComponents();
    }

    /// <summary>The encoder.</summary>
    public IEncoder Encoder => (IEncoder)encoder;

    /// <summary>The pooler, where there is one.</summary>
    public FirstTokenPooler? Pooler => pooler;

    /// <summary>How tokens become one vector.</summary>
    public SentencePooling Pooling => pooling;

    /// <summary>Encodes one batch.</summary>
    /// <param name="input">The tokens.</param>
    /// <returns>One vector a row, float32 [B, H], fresh, on the encoder's device.</returns>
    public override Tensor forward(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var vectors = pooling switch
        {
            SentencePooling.Cls => encoder.call(input).select(1, 0),
            SentencePooling.Pooler => pooler!.call(encoder.call(input)),
            SentencePooling.LastAverage => Average(encoder.call(input), input.Mask),
            SentencePooling.FirstLastAverage => FirstLast(input),
            _ => encoder.call(input).masked_fill(input.Mask.logical_not().unsqueeze(2), double.NegativeInfinity).amax([1]),
        };
        return vectors.to(ScalarType.Float32).MoveToOuterDisposeScope(); // [B, H]
    }

    Tensor FirstLast(EncoderInput input)
    {
        // The embedding comes first, then one state for each layer.
        var states = ((IHiddenStates)encoder).HiddenStates(input);
        return Average(states[Math.Min(1, states.Count - 1)], input.Mask).add(Average(states[^1], input.Mask)).div(2);
    }

    /// <summary>Σₜ mₜxₜ / Σₜ mₜ, as one matrix product: [B, 1, T] × [B, T, H].</summary>
    static Tensor Average(Tensor hidden, Tensor mask)
    {
        var weights = mask.to(ScalarType.Float32);
        weights = weights.div(weights.sum(1, keepdim: true)); // [B, T]
        return weights.unsqueeze(1).bmm(hidden.to(ScalarType.Float32)).squeeze(1); // [B, H]
    }
}
