using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Encoders;

namespace MLPipelines.Checkpoints;

/// <summary>RoFormerV2 as JunnYu publishes it (<c>junnyu/roformer_v2_chinese_char_small</c>, <c>…_base</c>, <c>…_large</c>).</summary>
/// <remarks>
/// The model type is that of RoFormer v1; <c>norm_type</c> and <c>use_bias</c> tell the two apart. A configuration without these keys is one of v1, and V2 weights
/// beside it are refused, because they would be loaded as noise.
/// Source: https://github.com/JunnYu/RoFormer_pytorch.
/// </remarks>
[PipelineComponent("checkpoint.roformer-v2.v1", Source = "https://github.com/JunnYu/RoFormer_pytorch", Summary = "Published RoFormerV2 weights (JunnYu's names)")]
public sealed class RoFormerV2Checkpoint : ICheckpointFormat
{
    /// <inheritdoc/>
    public string Prefix => "roformer.";

    /// <inheritdoc/>
    public IReadOnlyList<string> Buffers { get; } = ["encoder.embed_positions.weight", "embeddings.position_ids"];

    /// <inheritdoc/>
    public bool Describes(CheckpointConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var (type, norm) = (config.Text("model_type"), config.Text("norm_type"));
        return type is null or "roformer" or "roformer_v2" && (norm == "rms_norm" || (norm is null && type != "roformer")) && config.Flag("use_bias") != true;
    }

    /// <inheritdoc/>
    public bool Recognizes(IReadOnlySet<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Contains("encoder.layer.0.attention.self.query.weight") && !names.Contains("encoder.layer.0.attention.self.query.bias") && !names.Contains("embeddings.LayerNorm.weight");
    }

    /// <inheritdoc/>
    public IEncoderOptions ReadOptions(CheckpointConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Flag("rotary_value") == true) throw config.Unsupported("rotary_value", "false");
        var defaults = new RoFormerV2Encoder.Options();
        return new RoFormerV2Encoder.Options
        {
            VocabularySize = config.RequiredInteger("vocab_size"), EmbeddingSize = config.Integer("embedding_size"), HiddenSize = config.RequiredInteger("hidden_size"),
            Layers = config.RequiredInteger("num_hidden_layers"), Heads = config.RequiredInteger("num_attention_heads"), IntermediateSize = config.Integer("intermediate_size"),
            Activation = config.Text("hidden_act") ?? defaults.Activation, MaximumLength = config.Integer("max_position_embeddings") ?? defaults.MaximumLength,
            TokenTypes = config.Integer("type_vocab_size") ?? defaults.TokenTypes, Epsilon = config.Number("layer_norm_eps") ?? defaults.Epsilon,
            Dropout = config.Number("hidden_dropout_prob") ?? defaults.Dropout, AttentionDropout = config.Number("attention_probs_dropout_prob") ?? defaults.AttentionDropout,
        };
    }

    /// <inheritdoc/>
    public JsonObject? WriteConfig(IEncoder encoder, bool hasLanguageModelHead)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return encoder.Settings is not RoFormerV2Encoder.Options options ? null : new()
        {
            ["architectures"] = new JsonArray(hasLanguageModelHead ? "RoFormerForMaskedLM" : "RoFormerModel"),
            ["model_type"] = "roformer",
            ["norm_type"] = "rms_norm",
            ["use_bias"] = false,
            ["vocab_size"] = options.VocabularySize,
            ["embedding_size"] = options.EmbeddingSize ?? options.HiddenSize,
            ["hidden_size"] = options.HiddenSize,
            ["num_hidden_layers"] = options.Layers,
            ["num_attention_heads"] = options.Heads,
            ["intermediate_size"] = options.IntermediateSize ?? 4 * options.HiddenSize,
            ["hidden_act"] = options.Activation,
            ["hidden_dropout_prob"] = options.Dropout,
            ["attention_probs_dropout_prob"] = options.AttentionDropout,
            ["max_position_embeddings"] = options.MaximumLength,
            ["type_vocab_size"] = options.TokenTypes,
            ["layer_norm_eps"] = options.Epsilon,
            ["rotary_value"] = false,
            ["pad_token_id"] = 0,
        };
    }

    /// <summary>The format has no options.</summary>
    public sealed record Options;
}
