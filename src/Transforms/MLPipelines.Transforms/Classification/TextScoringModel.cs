using MLPipelines.Encoders;
using MLPipelines.Layers;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Classification;

/// <summary>An encoder with a head that scores whole texts: one raw score for each class or label.</summary>
/// <remarks>Parameters: <c>encoder.*</c> and <c>head.*</c>. The model owns both parts. In eval mode it is safe for concurrent use.</remarks>
public sealed class TextScoringModel : nn.Module<EncoderInput, Tensor>
{
    [ComponentName(Name = "encoder")]
    readonly nn.Module<EncoderInput, Tensor> encoder;

    [ComponentName(Name = "head")]
    readonly SequenceHead head;

    /// <summary>Joins the parts.</summary>
    /// <param name="encoder">An encoder that is also a module of the same input and result; owned from now on.</param>
    /// <param name="head">A head for the encoder's hidden size; owned from now on.</param>
    public TextScoringModel(IEncoder encoder, SequenceHead head) : base(nameof(TextScoringModel))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        this.encoder = encoder as nn.Module<EncoderInput, Tensor> ?? throw Failures.EncoderIsNoModule(encoder.GetType());
        this.head = head;
        RegisterComponents();
    }

    /// <summary>The encoder.</summary>
    public IEncoder Encoder => (IEncoder)encoder;

    /// <summary>The head.</summary>
    public SequenceHead Head => head;

    /// <summary>The device of the parameters.</summary>
    public Device Device => head.Device;

    /// <summary>The pooled vectors of a batch, from which <see cref="Head"/> computes scores.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>[B, P], fresh.</returns>
    public Tensor Features(EncoderInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var hidden = encoder.call(input);
        return head.Pool(hidden, input.Mask);
    }

    /// <summary>Scores a batch.</summary>
    /// <returns>Raw scores [B, L], fresh.</returns>
    public override Tensor forward(EncoderInput input)
    {
        using var features = Features(input);
        return head.Score(features);
    }
}
