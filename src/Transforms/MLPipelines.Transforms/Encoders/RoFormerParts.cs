using MLPipelines.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

// The nesting below only exists to give parameters the names of published checkpoints.

/// <summary>Token plus segment embedding, normalised and dropped out: <c>embeddings.*</c>.</summary>
internal sealed class RoFormerEmbeddings : nn.Module<EncoderInput, Tensor>
{
    [ComponentName(Name = "word_embeddings")]
    readonly Embedding tokens;

    [ComponentName(Name = "token_type_embeddings")]
    readonly Embedding types;

    [ComponentName(Name = "LayerNorm")]
    readonly LayerNorm norm;

    [ComponentName(Name = "dropout")]
    readonly SeededDropout dropout;

    public RoFormerEmbeddings(RoFormerEncoder.Options options, Generator? generator) : base(nameof(RoFormerEmbeddings))
    {
        var width = options.EmbeddingSize ?? options.HiddenSize;
        tokens = TokenEmbedding.Create(options.VocabularySize, width, options.SparseGradients, generator);
        types = TokenEmbedding.Create(options.TokenTypes, width, sparse: false, generator);
        norm = nn.LayerNorm(width, options.Epsilon);
        dropout = new(options.Dropout, generator);
        RegisterComponents();
    }

    public Parameter Tokens => tokens.weight!;

    public override Tensor forward(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var segment = input.TokenTypes is null ? types.weight!.select(0, 0) : types.call(input.TokenTypes);
        var sum = tokens.call(input.Ids).add_(segment); // [B, T, E]
        return dropout.call(norm.call(sum)).MoveToOuterDisposeScope();
    }
}

/// <summary>The stack of layers: <c>encoder.layer.N.*</c>.</summary>
internal sealed class RoFormerLayers : nn.Module
{
    [ComponentName(Name = "layer")]
    readonly ModuleList<RoFormerLayer> layer;

    public RoFormerLayers(RoFormerEncoder.Options options, RotaryEmbedding rotary, Generator? generator) : base(nameof(RoFormerLayers))
    {
        layer = new([.. Enumerable.Range(0, options.Layers).Select(_ => new RoFormerLayer(options, rotary, generator))]);
        RegisterComponents();
    }

    public IEnumerable<RoFormerLayer> All => layer;
}

/// <summary>One post-norm layer: <c>attention.*</c>, <c>intermediate.*</c>, <c>output.*</c>.</summary>
internal sealed class RoFormerLayer : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "attention")]
    readonly RoFormerAttention attention;

    [ComponentName(Name = "intermediate")]
    readonly ActivatedDense intermediate;

    [ComponentName(Name = "output")]
    readonly ResidualNorm output;

    public RoFormerLayer(RoFormerEncoder.Options options, RotaryEmbedding rotary, Generator? generator) : base(nameof(RoFormerLayer))
    {
        var inner = options.IntermediateSize ?? 4 * options.HiddenSize;
        attention = new(options, rotary, generator);
        intermediate = new(options.HiddenSize, inner, options.Activation, generator);
        output = new(inner, options.HiddenSize, options.Epsilon, options.Dropout, generator);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, Tensor? bias)
    {
        using var attended = attention.call(hidden, bias);
        using var expanded = intermediate.call(attended); // [B, T, 4H]
        return output.call(expanded, attended);
    }
}

/// <summary>Attention with its residual: <c>attention.self.*</c>, <c>attention.output.*</c>.</summary>
internal sealed class RoFormerAttention : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "self")]
    readonly SelfAttention self;

    [ComponentName(Name = "output")]
    readonly ResidualNorm output;

    public RoFormerAttention(RoFormerEncoder.Options options, RotaryEmbedding rotary, Generator? generator) : base(nameof(RoFormerAttention))
    {
        self = new(options.HiddenSize, options.Heads, rotary, options.AttentionDropout, options.RotaryValue, generator);
        output = new(options.HiddenSize, options.HiddenSize, options.Epsilon, options.Dropout, generator);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, Tensor? bias)
    {
        using var attended = self.call(hidden, bias);
        return output.call(attended, hidden);
    }
}
