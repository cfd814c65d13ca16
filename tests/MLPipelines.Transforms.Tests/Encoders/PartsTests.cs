using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Testing;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Encoders;

/// <summary>An encoder that is nowhere in the product, put together from public parts and two of its own: pre-norm, and a learned bias for each distance instead of rotations.</summary>
public sealed class PartsTests : EncoderContractTests
{
    protected override EncoderContractCase Case => new((dropout, generator) => new Variant(dropout, generator), Variant.Names) { IsShiftInvariant = true };

    sealed class Variant : nn.Module<EncoderInput, Tensor>, IEncoder
    {
        const int Width = 8, Heads = 2;

        readonly EncoderBody body;

        [ComponentName(Name = "embeddings")]
        readonly TokenTypeEmbedding embeddings;

        [ComponentName(Name = "encoder")]
        readonly LayerStack layers;

        public Variant(double dropout, Generator generator) : base(nameof(Variant))
        {
            var parameters = ParameterFactory.Normal(generator, 0.3);
            embeddings = new(vocabulary: 20, tokenTypes: 2, Width, sparse: false, parameters, ("dropout", new SeededDropout(dropout, generator)));
            layers = new(Enumerable.Range(0, 2).Select(_ => Layer(dropout, parameters)));
            body = new(MaximumLength, embeddings, null, layers);
            RegisterComponents();
        }

        public static IReadOnlyList<string> Names { get; } =
        [
            "embeddings.token_type_embeddings.weight [2, 8]", "embeddings.word_embeddings.weight [20, 8]",
            .. Enumerable.Range(0, 2).SelectMany(i => new[]
            {
                "attention.output.dense.bias [8]", "attention.output.dense.weight [8, 8]", "attention.self.kernel.bias [5, 2]", "attention.self.key.bias [8]", "attention.self.key.weight [8, 8]",
                "attention.self.query.bias [8]", "attention.self.query.weight [8, 8]", "attention.self.value.bias [8]", "attention.self.value.weight [8, 8]",
                "intermediate.dense.bias [16]", "intermediate.dense.weight [16, 8]", "output.dense.bias [8]", "output.dense.weight [8, 16]",
            }.Select(name => $"encoder.layer.{i}.{name}")),
        ];

        public int HiddenSize => Width;

        public int MaximumLength => 12;

        public int VocabularySize => 20;

        public object Settings => new();

        public override Tensor forward(EncoderInput input) => body.Encode(input);

        static RoFormerLayer Layer(double dropout, ParameterFactory parameters)
        {
            var self = new SelfAttention(new() { HiddenSize = Width, Heads = Heads, Dropout = dropout, Kernel = new DistanceBias(parameters) }, parameters);
            return new(self, End(Width), new(new(Width, 16, parameters), "gelu"), End(16));

            ResidualNorm End(int inputs) => new(new(inputs, Width, parameters), new RootMeanSquareNorm(1e-6), new(dropout, parameters.Generator), new PreNorm());
        }
    }

    /// <summary>softmax(qkᵀ/√D + b[clip(j − i)])·v for each head.</summary>
    sealed class DistanceBias : nn.Module, IAttentionKernel
    {
        const int Limit = 2;

        [ComponentName(Name = "bias")]
        readonly Parameter bias;

        public DistanceBias(ParameterFactory parameters) : base(nameof(DistanceBias))
        {
            bias = parameters.Matrix((2 * Limit) + 1, 2);
            RegisterComponents();
        }

        public Tensor Mix(Tensor query, Tensor key, Tensor value, AttentionMask mask, SeededDropout dropout)
        {
            using var scope = NewDisposeScope();
            var ids = RelativePositions.Clipped((int)mask.Keys, Limit).to(bias.device);
            var added = bias.index_select(0, ids.flatten()).view(mask.Keys, mask.Keys, -1).permute(2, 0, 1); // [N, T, T]
            var scores = query.matmul(key.transpose(-2, -1)).mul(1 / Math.Sqrt(query.shape[^1])).add(added); // [B, N, T, T]
            if (mask.Bias is { } hidden) scores = scores.add(hidden);
            return dropout.call(scores.softmax(-1)).matmul(value).MoveToOuterDisposeScope();
        }
    }
}
