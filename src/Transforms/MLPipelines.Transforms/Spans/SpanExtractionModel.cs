using MLPipelines.Encoders;
using MLPipelines.Layers;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Spans;

/// <summary>An encoder with a span head on it: raw logits for every first token, last token and entity type.</summary>
/// <remarks>Parameters: <c>encoder.*</c> and <c>head.*</c>. The model owns both parts. In eval mode it is safe for concurrent use.</remarks>
public sealed class SpanExtractionModel : nn.Module<EncoderInput, Tensor>
{
    [ComponentName(Name = "encoder")]
    readonly nn.Module<EncoderInput, Tensor> encoder;

    [ComponentName(Name = "head")]
    readonly nn.Module<Tensor, Tensor> head;

    /// <summary>Joins the parts.</summary>
    /// <param name="encoder">An encoder that is also a module of the same input and result; owned from now on.</param>
    /// <param name="head">A head for the encoder's hidden size that is also a module of the same input and result; owned from now on.</param>
    public SpanExtractionModel(IEncoder encoder, ISpanHead head) : base(nameof(SpanExtractionModel))
    {
        this.encoder = encoder as nn.Module<EncoderInput, Tensor> ?? throw Failures.EncoderIsNoModule(encoder.GetType());
        this.head = head as nn.Module<Tensor, Tensor> ?? throw Failures.HeadIsNoModule(head.GetType());
        RegisterComponents();
    }

    /// <summary>The encoder.</summary>
    // Not a property with a field of its own: a module registers every field that holds a module.
    public IEncoder Encoder => (IEncoder)encoder;

    /// <summary>The head.</summary>
    public ISpanHead Head => (ISpanHead)head;

    /// <summary>The device of the parameters.</summary>
    public Device Device => Head.Device;

    /// <summary>Scores spans of a batch.</summary>
    /// <returns>Raw logits [B, E, T, T] (first token, last token), fresh; cells that are no span are not masked, see <see cref="CellMask"/>.</returns>
    public override Tensor forward(EncoderInput input)
    {
        using var hidden = encoder.call(input);
        return head.call(hidden);
    }

    /// <summary>Tells which cells of the logits can be a span: both tokens real and the last not before the first.</summary>
    /// <param name="mask">Bool [B, T], true = a real token.</param>
    /// <returns>Bool [B, 1, T, T], fresh.</returns>
    public static Tensor CellMask(Tensor mask)
    {
        using var scope = NewDisposeScope();
        var starts = mask.unsqueeze(2); // [B, T, 1]
        var ends = mask.unsqueeze(1); // [B, 1, T]
        return starts.logical_and(ends).triu_().unsqueeze(1).MoveToOuterDisposeScope();
    }
}
