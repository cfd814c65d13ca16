using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Encoders;

public sealed class EncoderShapeTests
{
    static readonly EncoderShape s_shape = new(VocabularySize: 40, Layers: 3, HiddenSize: 24, Heads: 2, MaximumLength: 30, Dropout: 0.2) { SparseGradients = false };

    static readonly ComponentRegistry s_registry = new ComponentRegistry().AddAssembly(typeof(IEncoder).Assembly);

    public static TheoryData<string> Encoders => [.. s_registry.Ids<IEncoder>()];

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Every_encoder_takes_the_shape(string id)
    {
        var options = s_shape.OptionsOf(s_registry.Get(id));
        var encoder = options.Create();
        using var module = (IDisposable)encoder;
        Assert.Equal((40, 24, 30), (encoder.VocabularySize, encoder.HiddenSize, encoder.MaximumLength));
        var json = OptionsJson.Write(options);
        Assert.Equal((0.2, 0.2, false), ((double)json["dropout"]!, (double)json["attentionDropout"]!, (bool)json["sparseGradients"]!));
        Assert.Equal(options, encoder.Settings);
    }

    [Fact]
    public void Two_gated_attention_units_stand_for_a_layer()
        => Assert.Equal(6, ((GauAlphaEncoder.Options)s_shape.OptionsOf(s_registry.Get("encoder.gau-alpha.v1"))).Layers);

    [Fact]
    public void Overrides_replace_and_add_whatever_their_case()
    {
        var options = (RoFormerEncoder.Options)s_shape.OptionsOf(s_registry.Get("encoder.roformer.v1"), new JsonObject { ["Layers"] = 5, ["rotaryValue"] = true });
        Assert.Equal((5, true, 24), (options.Layers, options.RotaryValue, options.HiddenSize));
    }

    [Fact]
    public void Unknown_override_and_wrong_shape_are_refused()
    {
        var info = s_registry.Get("encoder.roformer.v1");
        Assert.Contains("rotaryValues", Assert.Throws<ArgumentException>(() => s_shape.OptionsOf(info, new JsonObject { ["rotaryValues"] = true })).Message, StringComparison.Ordinal);
        Assert.Contains("even multiple of Heads (5), found 24", Assert.Throws<ArgumentException>(() => (s_shape with { Heads = 5 }).OptionsOf(info)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Component_that_is_no_encoder_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => s_shape.OptionsOf(ComponentInfo.Of(typeof(WordPieceTextTokenizer))));
        Assert.Contains("'tokenizer.wordpiece.v1'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.4)]
    [InlineData(1e30)]
    public void An_epsilon_out_of_range_is_refused(double epsilon)
    {
        object[] options = [new RoFormerEncoder.Options { Epsilon = epsilon }, new RoFormerV2Encoder.Options { Epsilon = epsilon }, new GauAlphaEncoder.Options { Epsilon = epsilon }];
        Assert.All(options, value => Assert.Contains("Epsilon", Assert.Throws<ArgumentException>(() => MLPipelines.Components.OptionsValidator.Validate(value, "test")).Message, StringComparison.Ordinal));
    }
}
