using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Encoders;

namespace MLPipelines.Checkpoints;

/// <summary>GAU-α as JunnYu publishes it (<c>junnyu/chinese_GAU-alpha-char_L-24_H-768</c>).</summary>
/// <remarks>
/// The keys <c>minimum_keys</c> and <c>normalization_length</c> are this library's, for encoders that use them; published configurations have neither.
/// Source: https://github.com/JunnYu/GAU-alpha-pytorch.
/// </remarks>
[PipelineComponent("checkpoint.gau-alpha.v1", Source = "https://github.com/JunnYu/GAU-alpha-pytorch", Summary = "Published GAU-α weights (JunnYu's names)")]
public sealed class GauAlphaCheckpoint : ICheckpointFormat
{
    /// <inheritdoc/>
    public string Prefix => "gau_alpha.";

    /// <inheritdoc/>
    public IReadOnlyList<string> Buffers { get; } = ["encoder.sin_pos", "encoder.cos_pos"];

    /// <inheritdoc/>
    public bool Describes(CheckpointConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Text("model_type") is null or "gau_alpha" && config.Text("norm_type") is null;
    }

    /// <inheritdoc/>
    public bool Recognizes(IReadOnlySet<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Contains("encoder.layer.0.gau.i_dense.weight");
    }

    /// <inheritdoc/>
    public IEncoderOptions ReadOptions(CheckpointConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Flag("attention_scale") == false) throw config.Unsupported("attention_scale", "true");
        var hidden = config.RequiredInteger("hidden_size");
        if (config.Integer("embedding_size") is { } width && width != hidden) throw config.Unsupported("embedding_size", "the hidden size");
        var defaults = new GauAlphaEncoder.Options();
        return new GauAlphaEncoder.Options
        {
            VocabularySize = config.RequiredInteger("vocab_size"), HiddenSize = hidden, Layers = config.RequiredInteger("num_hidden_layers"),
            IntermediateSize = config.Integer("intermediate_size"), AttentionKeySize = config.Integer("attention_key_size") ?? defaults.AttentionKeySize,
            Activation = config.Text("hidden_act") ?? defaults.Activation, Normalization = config.Text("normalization") ?? defaults.Normalization,
            MinimumKeys = config.Integer("minimum_keys") ?? defaults.MinimumKeys, NormalizationLength = config.Integer("normalization_length"),
            HasBias = config.Flag("use_bias") ?? defaults.HasBias, MaximumLength = config.Integer("max_position_embeddings") ?? defaults.MaximumLength,
            TokenTypes = config.Integer("type_vocab_size") ?? defaults.TokenTypes, Epsilon = config.Number("layer_norm_eps") ?? defaults.Epsilon,
            Dropout = config.Number("hidden_dropout_prob") ?? defaults.Dropout, AttentionDropout = config.Number("attention_probs_dropout_prob") ?? defaults.AttentionDropout,
        };
    }

    /// <inheritdoc/>
    public JsonObject? WriteConfig(IEncoder encoder, bool hasLanguageModelHead)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.Settings is not GauAlphaEncoder.Options options) return null;
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(hasLanguageModelHead ? "GAUAlphaForMaskedLM" : "GAUAlphaModel"),
            ["model_type"] = "gau_alpha",
            ["vocab_size"] = options.VocabularySize,
            ["embedding_size"] = options.HiddenSize,
            ["hidden_size"] = options.HiddenSize,
            ["num_hidden_layers"] = options.Layers,
            ["intermediate_size"] = options.IntermediateSize ?? 2 * options.HiddenSize,
            ["attention_key_size"] = options.AttentionKeySize,
            ["attention_scale"] = true,
            ["hidden_act"] = options.Activation,
            ["normalization"] = options.Normalization,
            ["use_bias"] = options.HasBias,
            ["hidden_dropout_prob"] = options.Dropout,
            ["attention_probs_dropout_prob"] = options.AttentionDropout,
            ["max_position_embeddings"] = options.MaximumLength,
            ["type_vocab_size"] = options.TokenTypes,
            ["layer_norm_eps"] = options.Epsilon,
            ["pad_token_id"] = 0,
        };
        if (options.MinimumKeys != new GauAlphaEncoder.Options().MinimumKeys) config["minimum_keys"] = options.MinimumKeys;
        if (options.NormalizationLength is { } length) config["normalization_length"] = length;
        return config;
    }

    /// <summary>The format has no options.</summary>
    public sealed record Options;
}
