using MLPipelines.Components;
using MLPipelines.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Embeddings;

/// <summary>An encoder as an application of its own may have one: every token is its embedding. Source: this test.</summary>
[PipelineComponent("encoder.test-bag-of-tokens.v1", Source = "https://example.org", Summary = "An encoder for tests")]
public sealed class BagOfTokensEncoder : nn.Module<EncoderInput, Tensor>, IEncoder
{
    readonly Options options;
    readonly Embedding tokens;

    public BagOfTokensEncoder(Options options) : base(nameof(BagOfTokensEncoder))
    {
        this.options = options;
        tokens = nn.Embedding(options.VocabularySize, HiddenSize);
        using (no_grad()) tokens.weight!.copy_(arange(options.VocabularySize * HiddenSize, ScalarType.Float32).view(options.VocabularySize, HiddenSize).sin());
        RegisterComponents();
    }

    public int HiddenSize => 4;

    public int MaximumLength => 64;

    public int VocabularySize => options.VocabularySize;

    public object Settings => options;

    public override Tensor forward(EncoderInput input) => tokens.call(input.Ids);

    public sealed record Options
    {
        public int VocabularySize { get; init; } = 10;
    }
}
