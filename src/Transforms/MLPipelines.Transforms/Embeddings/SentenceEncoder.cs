using System.ComponentModel.DataAnnotations;
using Microsoft.ML.Runtime;
using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Interop;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Embeddings;

/// <summary>Where a sentence embedding takes its encoder from: a published checkpoint, an encoder that is there already, or random initial weights.</summary>
/// <remarks>
/// A description, which owns nothing and need not be disposed: every <c>Fit</c> makes an encoder of its own, and the transformer that it returns owns that one.
/// So an encoder passed to <see cref="Of"/> stays the caller's, who may train or dispose it once Fit has returned.
/// </remarks>
public sealed class SentenceEncoder
{
    readonly Func<HostChannel, bool, Parts> _create;

    SentenceEncoder(Func<HostChannel, bool, Parts> create) => _create = create;

    /// <summary>A copy of an encoder, made by each Fit.</summary>
    /// <param name="encoder">The encoder, on any device; not owned. It must not be trained while Fit runs.</param>
    /// <param name="tokenizer">The tokenizer that it was trained with.</param>
    /// <param name="pooler">Its pooler, where it has one; not owned.</param>
    public static SentenceEncoder Of(IEncoder encoder, ITextTokenizer tokenizer, FirstTokenPooler? pooler = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new((_, _) => new(tokenizer, Copy(encoder), pooler is null ? null : Copy(pooler, Pooler(encoder, pooler.Activation))));
    }

    /// <summary>A published checkpoint, read by each Fit: a directory with <c>config.json</c>, <c>vocab.txt</c> and <c>model.safetensors</c> or <c>pytorch_model.bin</c>.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="options">What to change about the checkpoint; null takes it as it is.</param>
    /// <remarks>Fit fails as <see cref="EncoderCheckpoint.Load"/> does. What the checkpoint warns of goes to <c>MLContext.Log</c>.</remarks>
    public static SentenceEncoder FromCheckpoint(string directory, LoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new((channel, _) =>
        {
            // The parts that are used belong to the transformer from now on; only the rest is disposed here.
            var checkpoint = EncoderCheckpoint.Load(directory, options);
            checkpoint.LanguageModelHead?.Dispose();
            foreach (var warning in checkpoint.Warnings) channel.Warning(warning);
            return new(checkpoint.Tokenizer, checkpoint.Encoder, checkpoint.Pooler);
        });
    }

    /// <summary>Random weights, drawn by each Fit from the context's seed: for trying a pipeline, and as what a trained encoder has to beat.</summary>
    /// <param name="architecture">The encoder's options; its vocabulary is at least as large as the tokenizer's.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    public static SentenceEncoder WithRandomWeights(IEncoderOptions architecture, ITextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new((channel, withPooler) =>
        {
            using var generator = new Generator((ulong)channel.Seed);
            var encoder = architecture.Create(generator);
            return new(tokenizer, encoder, withPooler ? (encoder as IPooledEncoder)?.CreatePooler(generator: generator) : null);
        });
    }

    /// <summary>Random weights for one of the architectures that the application has.</summary>
    /// <param name="vocabularyPath">The vocabulary file, one token a line.</param>
    /// <param name="size">The size of the encoder.</param>
    /// <param name="architecture">The encoder component, with options that replace those of the size; null is RoFormer.</param>
    /// <param name="tokenizer">The tokenizer component; null leaves the choice to the vocabulary, see <see cref="TextTokenizers"/>.</param>
    public static SentenceEncoder WithRandomWeights(string vocabularyPath, EncoderSize size = EncoderSize.Small, ComponentReference? architecture = null, ComponentReference? tokenizer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabularyPath);
        architecture ??= new Options().Architecture;
        return new((channel, withPooler) =>
        {
            var ofVocabulary = TextTokenizers.FromFile(vocabularyPath, tokenizer);
            var component = architecture.Find<IEncoder>(ComponentRegistry.OfApplication());
            var options = size.Shape(ofVocabulary.Vocabulary.Count).OptionsOf(component, architecture.Options);
            return WithRandomWeights(options, ofVocabulary)._create(channel, withPooler);
        });
    }

    /// <summary>What options describe.</summary>
    /// <param name="options">A checkpoint, or a vocabulary for random weights.</param>
    /// <exception cref="ArgumentException">They describe neither, or both.</exception>
    public static SentenceEncoder FromOptions(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (options.Checkpoint, options.VocabularyPath) switch
        {
            (not null, null) => FromCheckpoint(options.Checkpoint, options.Tokenizer is null ? null : new() { Tokenizer = options.Tokenizer }),
            (null, not null) => WithRandomWeights(options.VocabularyPath, options.Size, options.Architecture, options.Tokenizer),
            _ => throw Failures.EncoderNotDescribed(options.Checkpoint is not null),
        };
    }

    /// <summary>Makes the parts; they belong to the caller.</summary>
    internal Parts Create(IHostEnvironment environment, bool withPooler)
    {
        using var channel = HostChannel.Open(environment, nameof(SentenceEmbeddingEstimator), "Fit");
        return _create(channel, withPooler);
    }

    /// <summary>A pooler without weights, of the encoder's family where that has one.</summary>
    internal static FirstTokenPooler Pooler(IEncoder encoder, string activation) => encoder is IPooledEncoder family ? family.CreatePooler(activation) : new(encoder.HiddenSize, activation);

    static IEncoder Copy(IEncoder encoder)
    {
        var copy = SavedComponent.Create<IEncoder>(SavedComponent.Write(encoder, encoder.Settings));
        Copy(Module(encoder), Module(copy));
        return copy;
    }

    static T Copy<T>(nn.Module source, T target)
        where T : nn.Module
    {
        using var noGrad = no_grad();
        var values = source.state_dict();
        foreach (var (name, tensor) in target.state_dict()) tensor.copy_(values[name]);
        return target;
    }

    static nn.Module Module(IEncoder encoder) => encoder as nn.Module ?? throw Failures.EncoderIsNoModule(encoder.GetType());

    internal sealed record Parts(ITextTokenizer Tokenizer, IEncoder Encoder, FirstTokenPooler? Pooler) : IDisposable
    {
        public void Dispose()
        {
            (Encoder as IDisposable)?.Dispose();
            Pooler?.Dispose();
        }
    }

    /// <summary>Where an encoder comes from, for configurations: a checkpoint; or a vocabulary, architecture and size for random weights.</summary>
    public sealed record Options
    {
        /// <summary>The directory of a checkpoint: <c>config.json</c>, <c>vocab.txt</c> and the weights.</summary>
        /// <value>The default is null: random weights.</value>
        public string? Checkpoint { get; init; }

        /// <summary>The vocabulary file for random weights, one token a line.</summary>
        /// <value>The default is null.</value>
        [OptionAlias("vocab")] public string? VocabularyPath { get; init; }

        /// <summary>How text is cut into tokens: a component of the kind <c>tokenizer</c>; null leaves the choice to the checkpoint or the vocabulary: words by jieba where the vocabulary holds Chinese words, WordPiece otherwise.</summary>
        /// <value>The default is null.</value>
        public ComponentReference? Tokenizer { get; init; }

        /// <summary>The encoder component for random weights, with options that replace those of the size.</summary>
        /// <value>The default is <c>roformer</c>.</value>
        [Required] public ComponentReference Architecture { get; init; } = "roformer";

        /// <summary>The size of the encoder for random weights: tiny has 2 layers of width 128, small 4 of 256, base 12 of 768, with a head for each 64.</summary>
        /// <value>The default is <see cref="EncoderSize.Small"/>.</value>
        [EnumDataType(typeof(EncoderSize))] public EncoderSize Size { get; init; } = EncoderSize.Small;
    }
}
