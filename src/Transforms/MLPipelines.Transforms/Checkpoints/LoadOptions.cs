using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using static TorchSharp.torch;

namespace MLPipelines.Checkpoints;

/// <summary>What <see cref="EncoderCheckpoint.Load"/> changes about a checkpoint; null keeps what the checkpoint says.</summary>
public sealed record LoadOptions
{
    /// <summary>The longest sequence, special tokens included. Rotary positions have no weights, so it may also be above the checkpoint's own.</summary>
    /// <value>The default is null: the checkpoint's own.</value>
    [Range(2, 1_000_000)] public int? MaximumLength { get; init; }

    /// <summary>Probability of dropping elements and attention weights, in training.</summary>
    /// <value>The default is null: the checkpoint's own.</value>
    [Range(0, 0.999)] public double? Dropout { get; init; }

    /// <summary>Where dropout masks are drawn in training; it must outlive the encoder.</summary>
    /// <value>The default is null: every dropout layer has one of its own with a fixed seed.</value>
    public Generator? Generator { get; init; }

    /// <summary>Whether the token embedding's gradient holds the rows of the batch only, in training. False where the embedding is also the output map.</summary>
    /// <value>The default is null: what the encoder's options have by default.</value>
    public bool? SparseGradients { get; init; }

    /// <summary>Whether text is lower-cased.</summary>
    /// <value>The default is null: what <c>tokenizer_config.json</c> says, or else what the vocabulary shows.</value>
    public bool? LowerCase { get; init; }

    /// <summary>How text is cut into tokens: a component of the kind <c>tokenizer</c>, made from the checkpoint's vocabulary and settings.</summary>
    /// <value>The default is null: what <c>tokenizer_config.json</c> says, or else what the vocabulary calls for, as <see cref="Tokenizers.TextTokenizers"/> tells.</value>
    public ComponentReference? Tokenizer { get; init; }

    /// <summary>The activation of the pooler. RoFormer-Sim needs <c>linear</c>, which its published configuration does not say.</summary>
    /// <value>The default is null: <c>pooler_activation</c> of the configuration, or else <c>tanh</c>.</value>
    public string? PoolerActivation { get; init; }
}
