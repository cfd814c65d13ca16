using System.Text.Json;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using MLPipelines.Transforms.Tests.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class SelfAttentionTests
{
    [Theory]
    [InlineData("key_size_rotary")]
    [InlineData("key_size_without_positions")]
    [InlineData("key_size_softmax_plus")]
    [InlineData("key_size_softmax_plus_at_least_16")]
    [InlineData("one_head_of_odd_width_without_positions")]
    public void Parts_of_every_kind_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        var entry = new Golden("encoders.json")["attention_layers"].EnumerateArray().Single(layer => layer.GetProperty("name").GetString() == name);
        using var rotary = new RotaryEmbedding(Number(entry, "keySize") ?? 2, 7);
        using var layer = new SelfAttention(
            new()
            {
                HiddenSize = Number(entry, "hiddenSize")!.Value, Heads = Number(entry, "heads")!.Value, KeySize = Number(entry, "keySize"),
                Positions = name.Contains("without", StringComparison.Ordinal) ? null : rotary,
                Kernel = AttentionKernels.Find(Text(entry, "normalization") ?? "softmax", Number(entry, "minimumKeys") ?? 1),
            }, ParameterFactory.Normal(null));
        layer.to(ScalarType.Float64);
        ModuleWeights.Import(layer, ReferenceCase.Tensors(entry.GetProperty("weights")), "layer");
        using var mask = new AttentionMask(ReferenceCase.Input(), ScalarType.Float64);
        Assert.InRange(Golden.Distance(Golden.ToTensor(entry.GetProperty("output")), layer.call(Golden.ToTensor(entry.GetProperty("input")), mask)), 0, 1e-9);
    }

    [Fact]
    public void Dropping_next_to_nothing_changes_next_to_nothing()
    {
        using var scope = NewDisposeScope();
        foreach (var name in AttentionKernels.Names)
        {
            using var generator = new Generator(4);
            using var layer = new SelfAttention(new() { HiddenSize = 8, Heads = 2, Dropout = 1e-12, Kernel = AttentionKernels.Find(name) }, ParameterFactory.Normal(generator, 0.5));
            using var mask = new AttentionMask(ReferenceCase.Input(), ScalarType.Float32);
            var input = randn(3, 7, 8, generator: generator);
            var trained = layer.call(input, mask);
            layer.eval();
            Assert.InRange(Golden.Distance(trained, layer.call(input, mask)), 0, 1e-5);
        }
    }

    [Fact]
    public void Kernel_with_parameters_becomes_a_part_of_the_layer()
    {
        using var kernel = new Gain();
        using var layer = new SelfAttention(new() { HiddenSize = 4, Heads = 1, Kernel = kernel }, ParameterFactory.Normal(null));
        Assert.Contains("kernel.gain.weight", layer.state_dict().Keys);
    }

    [Fact]
    public void Impossible_sizes_are_reported_together()
    {
        var error = Assert.Throws<ArgumentException>(() => new SelfAttention(new() { HiddenSize = 10, Heads = 4, Dropout = 1 }, ParameterFactory.Normal(null)));
        Assert.Contains("multiple of Heads (4), found 10", error.Message, StringComparison.Ordinal);
        Assert.Contains("Dropout", error.Message, StringComparison.Ordinal);
    }

    static int? Number(JsonElement entry, string option) => entry.GetProperty("options").TryGetProperty(option, out var value) ? value.GetInt32() : null;

    static string? Text(JsonElement entry, string option) => entry.GetProperty("options").TryGetProperty(option, out var value) ? value.GetString() : null;

    sealed class Gain : nn.Module, IAttentionKernel
    {
        readonly ScaleOffset gain = new(4, hasOffset: false, ParameterFactory.Normal(null));

        public Gain() : base(nameof(Gain)) => RegisterComponents();

        public Tensor Mix(Tensor query, Tensor key, Tensor value, AttentionMask mask, SeededDropout dropout) => gain.call(value);
    }
}
