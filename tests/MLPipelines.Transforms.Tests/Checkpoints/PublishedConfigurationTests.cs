using System.Text.Json.Nodes;
using MLPipelines.Checkpoints;
using MLPipelines.Encoders;
using MLPipelines.Testing;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Checkpoints;

/// <summary>Configurations with the keys of published ones lead to the reviewed names and shapes of the released models (Encoders/Released).</summary>
public sealed class PublishedConfigurationTests
{
    const string Usual = """
        "attention_probs_dropout_prob": 0.1, "hidden_dropout_prob": 0.1, "initializer_range": 0.02, "layer_norm_eps": 1e-12, "pad_token_id": 0, "type_vocab_size": 2, "transformers_version": "4.17.0"
        """;

    const string V2 = "\"architectures\": [\"RoFormerForMaskedLM\"], \"model_type\": \"roformer\", \"hidden_act\": \"relu\", \"norm_type\": \"rms_norm\", \"use_bias\": false, "
        + "\"rotary_value\": false, \"pooler_activation\": \"tanh\", \"max_position_embeddings\": 512, \"vocab_size\": 12000, " + Usual;

    [Theory]
    [InlineData("roformer_chinese_base", """ "model_type": "roformer", "embedding_size": 768, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "gelu", "max_position_embeddings": 1536, "vocab_size": 50000, """ + Usual)]
    [InlineData("roformer_chinese_base", """ "model_type": "roformer", "embedding_size": 768, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "gelu", "max_position_embeddings": 512, "vocab_size": 50000, "inner_group_num": 1, "use_rotary_position": true, "classifier_dropout_prob": 0.1, """ + Usual)]
    [InlineData("roformer_chinese_char_small", """ "model_type": "roformer", "embedding_size": 384, "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 6, "intermediate_size": 1536, "hidden_act": "gelu", "max_position_embeddings": 512, "vocab_size": 12000, "rotary_value": false, "use_cache": true, """ + Usual)]
    [InlineData("roformer_v2_chinese_char_small", """ "embedding_size": 384, "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 6, "intermediate_size": 1536, """ + V2)]
    [InlineData("roformer_v2_chinese_char_base", """ "embedding_size": 768, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, """ + V2)]
    [InlineData("roformer_v2_chinese_char_large", """ "embedding_size": 1024, "hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096, """ + V2)]
    [InlineData("chinese_GAU-alpha-char_L-24_H-768", """ "architectures": ["GAUAlphaForMaskedLM"], "model_type": "gau_alpha", "attention_key_size": 128, "attention_scale": true, "classifier_dropout": 0.1, "embedding_size": 768, "gradient_checkpointing": false, "hidden_act": "swish", "hidden_size": 768, "intermediate_size": 1536, "max_position_embeddings": 512, "normalization": "softmax_plus", "num_hidden_layers": 24, "torch_dtype": "float32", "use_bias": false, "vocab_size": 12000, """ + Usual)]
    public void Architecture_has_the_reviewed_names_and_shapes(string name, string keys)
    {
        var config = new CheckpointConfig(JsonNode.Parse($"{{ {keys} }}")!.AsObject(), "config.json");
        var format = Assert.Single(Formats, format => format.Describes(config));
        using var encoder = (nn.Module)format.ReadOptions(config).Create(device: META);

        var expected = File.ReadAllLines(RepositoryFiles.Path("tests", "MLPipelines.Transforms.Tests", "Encoders", "Released", name + ".approved.txt"))
            .Where(line => !line.StartsWith('#') && !line.StartsWith("cls.", StringComparison.Ordinal) && !line.StartsWith("pooler.", StringComparison.Ordinal));
        Assert.Equal(expected, encoder.state_dict().Select(parameter => $"{parameter.Key} [{string.Join(", ", parameter.Value.shape)}]").Order(StringComparer.Ordinal));
        Assert.True(format.Recognizes(encoder.state_dict().Keys.ToHashSet(StringComparer.Ordinal)));
        Assert.Equal(((IEncoder)encoder).Settings, format.ReadOptions(new(format.WriteConfig((IEncoder)encoder, true)!, "config.json")));
    }

    // Activation and precision decide the numbers, not the names.
    [Fact]
    public void Settings_without_weights_are_read_too()
    {
        var config = new CheckpointConfig(JsonNode.Parse("{ \"embedding_size\": 384, \"hidden_size\": 384, \"num_hidden_layers\": 6, \"num_attention_heads\": 6, \"intermediate_size\": 1536, " + V2 + "}")!.AsObject(), "config.json");

        var options = Assert.IsType<RoFormerV2Encoder.Options>(new RoFormerV2Checkpoint().ReadOptions(config));

        Assert.Equal(("relu", 1e-12, 512, 2, 0.1, 0.1), (options.Activation, options.Epsilon, options.MaximumLength, options.TokenTypes, options.Dropout, options.AttentionDropout));
    }

    static IReadOnlyList<ICheckpointFormat> Formats { get; } = [new RoFormerCheckpoint(), new RoFormerV2Checkpoint(), new GauAlphaCheckpoint()];
}
