using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Encoders;

public sealed class RoFormerEncoderTests
{
    readonly Golden _golden = new("roformer_v1_tiny.json");

    [Theory]
    [InlineData(ScalarType.Float64, 5e-7)]
    [InlineData(ScalarType.Float32, 2e-5)]
    [InlineData(ScalarType.BFloat16, 0.15)]
    public void Hidden_states_match_the_reference(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var encoder = TinyRoFormer.Load(dtype);
        var input = TinyRoFormer.Input(_golden);
        var states = encoder.HiddenStates(input);
        var expected = _golden["outputs_float64", "hidden_states"].EnumerateArray().Select(Golden.ToTensor).ToList();
        Assert.Equal(expected.Count, states.Count);
        foreach (var (reference, state) in expected.Zip(states)) Assert.InRange(Golden.Distance(reference, state), 0, tolerance);
        Assert.Equal(0, Golden.Distance(states[^1], encoder.call(input)));
    }

    [Theory]
    [InlineData("v1", ScalarType.Float64, 1e-9)]
    [InlineData("v1", ScalarType.Float32, 2e-5)]
    [InlineData("v1_narrow_embedding_gelu_tanh", ScalarType.Float64, 1e-9)]
    [InlineData("v1_rotary_values", ScalarType.Float64, 1e-9)]
    [InlineData("v1_key_size", ScalarType.Float64, 1e-9)]
    [InlineData("v1_key_size_and_rotary_values", ScalarType.Float64, 1e-9)]
    [InlineData("v1_key_size_and_rotary_values", ScalarType.Float32, 2e-5)]
    public void Results_match_the_own_reference(string name, ScalarType dtype, double tolerance) => new ReferenceCase(name).Check(dtype, tolerance);

    [Fact]
    public void An_odd_width_with_a_key_size_can_be_trained()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using var encoder = new RoFormerEncoder(new() { VocabularySize = 11, HiddenSize = 9, Layers = 2, Heads = 3, KeySize = 4, IntermediateSize = 12, MaximumLength = 8, Dropout = 0, AttentionDropout = 0 }, generator);
        var input = new EncoderInput(tensor(new long[] { 1, 2, 3, 4, 5 }, [1, 5]), ones(1, 5, dtype: ScalarType.Bool));
        encoder.train();
        var trained = encoder.call(input);
        trained.square().sum().backward();
        Assert.All(encoder.named_parameters().Where(parameter => parameter.name.Contains("query.weight", StringComparison.Ordinal)), parameter => Assert.True(parameter.parameter.grad!.abs().sum().ToDouble() > 0));
        encoder.eval();
        using var noGrad = no_grad();
        Assert.InRange(Golden.Distance(trained.detach(), encoder.call(input)), 0, 1e-5);
    }

    [Theory]
    [InlineData("v1_narrow_embedding_gelu_tanh")]
    [InlineData("v1_key_size_and_rotary_values")]
    public void Gradients_match_finite_differences(string name) => new ReferenceCase(name).CheckGradients();

    [Theory]
    [InlineData(ScalarType.Float64, 5e-7, 5e-7)]
    [InlineData(ScalarType.Float32, 5e-5, 1e-4)]
    public void Masked_language_model_matches_the_reference_forward_and_backward(ScalarType dtype, double logitTolerance, double gradientTolerance)
    {
        using var scope = NewDisposeScope();
        using var encoder = TinyRoFormer.Load(dtype);
        using var head = Head(dtype);
        var logits = head.call(encoder.call(TinyRoFormer.Input(_golden)), encoder.TokenWeights);
        Assert.InRange(Golden.Distance(_golden.Tensor("outputs_float64", "mlm_logits"), logits), 0, logitTolerance);

        var labels = _golden.Tensor("inputs", "mlm_labels");
        var loss = nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index: -100);
        loss.backward();
        Assert.Equal(_golden["outputs_float64", "mlm_loss"].GetDouble(), loss.ToDouble(), 1e-5);
        var gradients = encoder.named_parameters().Select(p => ("roformer." + p.name, p.parameter)).Concat(head.named_parameters().Select(p => ("cls.predictions." + p.name, p.parameter)))
            .ToDictionary(p => p.Item1, p => p.parameter.grad!.norm().ToDouble());
        var expected = _golden["outputs_float64", "grad_l2_norms_of_mlm_loss"].EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());
        Assert.Equal(expected.Keys.Order(), gradients.Keys.Order());
        Assert.All(expected, pair => Assert.InRange(Math.Abs(gradients[pair.Key] - pair.Value) / pair.Value, 0, gradientTolerance));
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("linear")]
    public void Pooler_matches_the_reference(string activation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var golden = new Golden("roformer_v1_tiny_pooler.json");
        using var encoder = TinyRoFormer.Load(ScalarType.Float64);
        using var pooler = new FirstTokenPooler(32, activation);
        pooler.to(ScalarType.Float64).load_state_dict(new() { ["dense.weight"] = golden.Tensor("pooler_dense_weight"), ["dense.bias"] = golden.Tensor("pooler_dense_bias") });
        var pooled = pooler.call(encoder.call(TinyRoFormer.Input(_golden)));
        Assert.InRange(Golden.Distance(golden.Tensor("pooled_" + activation), pooled), 0, 5e-7);
    }

    [Theory]
    [InlineData("unilm")]
    [InlineData("causal_lm")]
    public void Attention_masks_match_the_reference(string kind)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var golden = new Golden("attention_masks.json");
        var (segments, mask) = (golden.Tensor("inputs", "segment_ids"), golden.Tensor("inputs", "attention_mask").to(ScalarType.Bool));
        var visible = kind == "unilm" ? AttentionMasks.SequenceToSequence(segments) : AttentionMasks.Causal(12);
        Assert.Equal(0, Golden.Distance(golden.Tensor("outputs", kind, "mask"), WithPadding(visible, mask)));

        using var encoder = TinyRoFormer.Load(ScalarType.Float64);
        using var head = Head(ScalarType.Float64);
        var hidden = encoder.call(new(golden.Tensor("inputs", "input_ids"), mask, segments) { Visible = visible });
        Assert.InRange(Golden.Distance(golden.Tensor("outputs", kind, "last_hidden"), hidden), 0, 5e-7);
        Assert.InRange(Golden.Distance(golden.Tensor("outputs", kind, "mlm_logits"), head.call(hidden, encoder.TokenWeights)), 0, 5e-7);
    }

    [Fact]
    public void Auto_encoder_masks_match_the_reference()
    {
        using var scope = NewDisposeScope();
        var golden = new Golden("attention_masks.json");
        var segments = golden.Tensor("inputs", "segment_ids");
        var outputs = golden["outputs", "uniae_masks_for_segment_ids"].EnumerateObject().ToDictionary(p => p.Name.Split('(')[0], p => Golden.ToTensor(p.Value));
        Assert.Equal(0, Golden.Distance(outputs["independent"], AttentionMasks.IndependentSegments(segments)));
        Assert.Equal(0, Golden.Distance(outputs["uniae"], AttentionMasks.SegmentsThroughFirstToken(segments)));
    }

    [Fact]
    public void Parameter_names_and_shapes_are_those_of_the_checkpoint()
    {
        using var encoder = new RoFormerEncoder(TinyRoFormer.Options);
        var expected = TinyRoFormer.Checkpoint().Where(t => t.Key.StartsWith("roformer.", StringComparison.Ordinal)).Select(t => $"{t.Key["roformer.".Length..]} [{string.Join(", ", t.Value.Shape)}]");
        Assert.Equal(expected.Order(StringComparer.Ordinal), encoder.state_dict().Select(p => $"{p.Key} [{string.Join(", ", p.Value.shape)}]").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Narrow_embedding_is_projected_and_values_can_be_rotated()
    {
        using var scope = NewDisposeScope();
        var input = new EncoderInput(arange(3, ScalarType.Int64).unsqueeze(0), ones(1, 3, ScalarType.Bool));
        var results = new[] { false, true }.Select(rotaryValue =>
        {
            using var generator = new Generator(3);
            using var encoder = new RoFormerEncoder(TinyRoFormer.Options with { EmbeddingSize = 16, RotaryValue = rotaryValue }, generator);
            Assert.Equal([32, 16], encoder.state_dict()["embeddings_project.weight"].shape);
            return encoder.call(input);
        }).ToList();
        Assert.All(results, hidden => Assert.Equal([1, 3, 32], hidden.shape));
        Assert.True(Golden.Distance(results[0], results[1]) > 1e-4);
    }

    [Fact]
    public void First_values_are_as_spread_as_the_options_say()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var encoder = new RoFormerEncoder(TinyRoFormer.Options with { InitializerRange = 0.3, VocabularySize = 500 }, generator);
        foreach (var name in new[] { "embeddings.word_embeddings.weight", "encoder.layer.0.attention.self.query.weight", "encoder.layer.1.output.dense.weight" })
            Assert.InRange(encoder.state_dict()[name].std().ToDouble() / (0.3 * 0.8796), 0.95, 1.05); // 2σ is cut off
    }

    [Fact]
    public void First_values_fit_the_width_unless_the_options_say_otherwise()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var encoder = new RoFormerEncoder(TinyRoFormer.Options with { InitializerRange = null, VocabularySize = 500 }, generator);
        double Spread(string name) => encoder.state_dict()[name].std().ToDouble();
        Assert.InRange(Spread("embeddings.word_embeddings.weight") / (0.02 * 0.8796), 0.95, 1.05);
        Assert.InRange(Spread("encoder.layer.0.attention.self.query.weight") * Math.Sqrt(3 * 32), 0.95, 1.05);
        Assert.InRange(Spread("encoder.layer.1.output.dense.weight") * Math.Sqrt(3 * encoder.state_dict()["encoder.layer.1.output.dense.weight"].shape[1]), 0.95, 1.05);
        using var wide = ParameterFactory.FanIn(generator).Matrix(100, 768);
        Assert.InRange(wide.std().ToDouble(), 0.02, 0.0215); // BERT's own at its own width
    }

    [Fact]
    public void Too_long_a_sequence_names_the_limit()
    {
        using var encoder = new RoFormerEncoder(TinyRoFormer.Options);
        var input = new EncoderInput(zeros(1, 65, ScalarType.Int64), ones(1, 65, ScalarType.Bool));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => encoder.call(input));
        Assert.Contains("at most 64 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("65", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_options_are_reported_together()
    {
        var error = Assert.Throws<ArgumentException>(() => new RoFormerEncoder(new() { HiddenSize = 30, Heads = 4, Layers = 0, Activation = "gleu" }));
        Assert.Contains("Layers", error.Message, StringComparison.Ordinal);
        Assert.Contains("even multiple of Heads (4), found 30", error.Message, StringComparison.Ordinal);
        Assert.Contains("'gleu'", error.Message, StringComparison.Ordinal);
    }

    static Tensor WithPadding(Tensor visible, Tensor mask) => visible.logical_and(mask.unsqueeze(1));

    static MaskedLanguageModelHead Head(ScalarType dtype)
    {
        var head = new MaskedLanguageModelHead(32, 32, 50);
        ModuleWeights.Import(head, TinyRoFormer.Checkpoint(), "head", "cls.predictions.");
        return head.to(dtype);
    }
}
