using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Encoders;

namespace MLPipelines.Checkpoints;

/// <summary>RoFormer v1 as Hugging Face transformers publishes it (<c>junnyu/roformer_chinese_base</c>, <c>…_char_base</c>, <c>…_sim_char_base</c>, <c>roformer_small_…</c>).</summary>
/// <remarks>Source: https://huggingface.co/docs/transformers/model_doc/roformer.</remarks>
[PipelineComponent("checkpoint.roformer.v1", Source = "https://huggingface.co/docs/transformers/model_doc/roformer", Summary = "Published RoFormer v1 weights (Hugging Face names)")]
public sealed class RoFormerCheckpoint : ICheckpointFormat
{
    /// <inheritdoc/>
    public string Prefix => "roformer.";

    /// <inheritdoc/>
    public IReadOnlyList<string> Buffers { get; } = ["encoder.embed_positions.weight", "embeddings.position_ids"];

    /// <inheritdoc/>
    public bool Describes(CheckpointConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Text("model_type") is null or "roformer" && config.Text("norm_type") is null or "layer_norm" && config.Flag("use_bias") != false;
    }

    /// <inheritdoc/>
    public bool Recognizes(IReadOnlySet<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Contains("embeddings.LayerNorm.weight") && names.Contains("encoder.layer.0.attention.self.query.weight") && !names.Contains("embeddings.position_embeddings.weight");
    }

    /// <inheritdoc/>
    public IEncoderOptions ReadOptions(CheckpointConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Flag("use_rotary_position") == false) throw config.Unsupported("use_rotary_position", "true");
        var defaults = new RoFormerEncoder.Options();
        return new RoFormerEncoder.Options
        {
            VocabularySize = config.RequiredInteger("vocab_size"), EmbeddingSize = config.Integer("embedding_size"), HiddenSize = config.RequiredInteger("hidden_size"),
            Layers = config.RequiredInteger("num_hidden_layers"), Heads = config.RequiredInteger("num_attention_heads"), IntermediateSize = config.Integer("intermediate_size"),
            KeySize = config.Integer("attention_key_size"), Activation = config.Text("hidden_act") ?? defaults.Activation,
            MaximumLength = config.Integer("max_position_embeddings") ?? defaults.MaximumLength, TokenTypes = config.Integer("type_vocab_size") ?? defaults.TokenTypes,
            RotaryValue = config.Flag("rotary_value") ?? defaults.RotaryValue, Epsilon = config.Number("layer_norm_eps") ?? defaults.Epsilon,
            InitializerRange = config.Number("initializer_range"), Dropout = config.Number("hidden_dropout_prob") ?? defaults.Dropout,
            AttentionDropout = config.Number("attention_probs_dropout_prob") ?? defaults.AttentionDropout,
        };
    }

    /// <inheritdoc/>
    public JsonObject? WriteConfig(IEncoder encoder, bool hasLanguageModelHead)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.Settings is not RoFormerEncoder.Options options) return null;
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(hasLanguageModelHead ? "RoFormerForMaskedLM" : "RoFormerModel"),
            ["model_type"] = "roformer",
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
            ["rotary_value"] = options.RotaryValue,
            ["pad_token_id"] = 0,
        };
        if (options.InitializerRange is { } deviation) config["initializer_range"] = deviation;
        if (options.KeySize is { } key) config["attention_key_size"] = key;
        return config;
    }

    /// <summary>The format has no options.</summary>
    public sealed record Options;
}
