using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Checkpoints;

/// <summary>A pretrained encoder as it is published: a directory with <c>config.json</c>, <c>vocab.txt</c> and <c>model.safetensors</c> or <c>pytorch_model.bin</c>.</summary>
/// <remarks>
/// The architecture is found from the configuration and the names of the weights, among the <see cref="ICheckpointFormat"/>s of the application. Files are treated as
/// hostile: nothing in them is executed, and names, sizes and values are checked before memory is taken for the model. Loading takes memory for about one
/// copy of the weights. Disposing disposes the encoder and the heads.
/// </remarks>
public sealed class EncoderCheckpoint : IDisposable
{
    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    EncoderCheckpoint(string format, IEncoder encoder, ITextTokenizer tokenizer, FirstTokenPooler? pooler, nn.Module<Tensor, Tensor, Tensor>? head, IReadOnlyList<string> warnings)
        => (Format, Encoder, Tokenizer, Pooler, LanguageModelHead, Warnings) = (format, encoder, tokenizer, pooler, head, warnings);

    /// <summary>The id of the format it was published in, for example <c>checkpoint.roformer.v1</c>.</summary>
    public string Format { get; }

    /// <summary>The encoder, in float32 on the CPU, in eval mode.</summary>
    public IEncoder Encoder { get; }

    /// <summary>The tokenizer of the checkpoint's vocabulary.</summary>
    public ITextTokenizer Tokenizer { get; }

    /// <summary>The pooler over the first token; null where the checkpoint has none.</summary>
    public FirstTokenPooler? Pooler { get; }

    /// <summary>The masked-language-model head, called with the hidden states and the encoder's token embedding; null where the checkpoint has none.</summary>
    public nn.Module<Tensor, Tensor, Tensor>? LanguageModelHead { get; }

    /// <summary>What a user should know about this checkpoint, for example that its words are cut differently here; usually empty.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="directory">The directory with its files.</param>
    /// <param name="options">What to change; null takes the checkpoint as it is.</param>
    /// <exception cref="DataFormatException">A file is missing, or the configuration or vocabulary is not valid.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or are not those that the configuration describes; the message lists the names that differ.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are out of range.</exception>
    public static EncoderCheckpoint Load(string directory, LoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options = OptionsValidator.Validate(options ?? new(), nameof(EncoderCheckpoint));
        CheckpointFiles.Require(directory);
        var config = Changed(CheckpointConfig.Read(Path.Combine(directory, CheckpointFiles.Config)), options);
        var warnings = new List<string>();
        var tokenizer = CheckpointTokenizer.Read(directory, options, warnings);
        using var weights = CheckpointFiles.OpenWeights(directory);
        var format = CheckpointFormats.Of(config, weights.Tensors.Keys);
        var architecture = ReadArchitecture(format, config, out var vocabularySize);
        if (tokenizer.Vocabulary.Count > vocabularySize) throw Failures.VocabularyTooLarge(Path.Combine(directory, CheckpointFiles.Vocabulary), vocabularySize, tokenizer.Vocabulary.Count);
        var map = WeightMap.Of(weights, format, architecture);
        map.Verify();
        if (options.SparseGradients is { } sparse) architecture = With(architecture, "sparseGradients", sparse);
        Warn(config, map, warnings);

        using var scope = NewDisposeScope();
        List<nn.Module> made = [];
        try
        {
            var encoder = Keep(architecture.Create(options.Generator), map.Encoder);
            var pooler = map.Pooler is null ? null : Keep(((IPooledEncoder)encoder).CreatePooler(Activation(config, options)), map.Pooler);
            var head = map.Head is null || !IsTied(encoder, map, warnings) ? null : Keep(((IMaskedLanguageModel)encoder).CreateLanguageModelHead(), map.Head);
            return new(CheckpointFormats.Id(format), encoder, tokenizer, pooler, head, warnings);
        }
        catch
        {
            foreach (var module in made) module.Dispose();
            throw;
        }

        T Keep<T>(T part, IReadOnlyDictionary<string, ITensorSource> sources)
            where T : notnull
        {
            var module = (nn.Module)(object)part;
            made.Add(module);
            ModuleWeights.Fill(module, sources);
            module.eval();
            return part;
        }
    }

    /// <summary>Loads the tokenizer of a checkpoint alone, without its weights.</summary>
    /// <param name="directory">The directory with its files, of which <c>vocab.txt</c> and, where it is there, <c>tokenizer_config.json</c> are read.</param>
    /// <param name="options">What to change; null takes the checkpoint as it is.</param>
    /// <exception cref="DataFormatException">The directory or the vocabulary is missing, or one of the files is not valid.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are out of range.</exception>
    public static ITextTokenizer LoadTokenizer(string directory, LoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options = OptionsValidator.Validate(options ?? new(), nameof(EncoderCheckpoint));
        CheckpointFiles.Require(directory);
        return CheckpointTokenizer.Read(directory, options, warnings: []);
    }

    /// <summary>Writes a checkpoint that <see cref="Load"/> and Hugging Face transformers read.</summary>
    /// <remarks>
    /// No file is touched before all of them have been written beside their places, and each is replaced as a whole. Weights are written in the precision that the
    /// modules have.
    /// </remarks>
    /// <param name="directory">The directory; it is made where it does not exist, files of the same names in it are replaced.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="tokenizer">The tokenizer it was trained with.</param>
    /// <param name="heads">The heads to write beside it; null writes none.</param>
    /// <exception cref="ArgumentException">No format can hold the encoder, a head is not of its family, or the tokenizer has no <c>vocab.txt</c>.</exception>
    /// <exception cref="InvalidDataException">A weight is not finite; nothing has been written then.</exception>
    public static void Save(string directory, IEncoder encoder, ITextTokenizer tokenizer, CheckpointHeads? heads = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var (format, config) = CheckpointFormats.For(encoder, heads?.LanguageModelHead is not null);
        var weights = new Dictionary<string, ITensorSource>(StringComparer.Ordinal);
        Add(format.Prefix, encoder);
        if (heads?.Pooler is { } pooler)
        {
            if (encoder is not IPooledEncoder) throw Failures.HeadDoesNotFit("pooler", encoder.GetType());
            Add(format.Prefix + "pooler.", pooler);
            config["pooler_activation"] = pooler.Activation;
        }

        if (heads?.LanguageModelHead is { } head)
        {
            if (encoder is not IMaskedLanguageModel) throw Failures.HeadDoesNotFit("language model head", encoder.GetType());
            Add(WeightMap.HeadPrefix, head);
        }

        config["tie_word_embeddings"] = true;
        config["torch_dtype"] = weights.Values.First().DType switch { "F16" => "float16", "BF16" => "bfloat16", "F64" => "float64", _ => "float32" };
        var settings = CheckpointTokenizer.Write(tokenizer, encoder.MaximumLength);
        using var files = new PartialFiles(directory);
        files.Write(CheckpointFiles.Safetensors, stream => Safetensors.Write(stream, weights, CheckpointFiles.Metadata));
        files.Write(CheckpointFiles.Config, stream => JsonSerializer.Serialize(stream, config, s_indented));
        files.Write(CheckpointFiles.Tokenizer, stream => JsonSerializer.Serialize(stream, settings, s_indented));
        files.Write(CheckpointFiles.Vocabulary, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(tokenizer.Vocabulary.Select(entry => entry + "\n")))));
        files.Commit();

        void Add(string prefix, object module)
        {
            foreach (var (name, source) in ModuleWeights.Sources((nn.Module)module)) weights.Add(prefix + name, source);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (Encoder as IDisposable)?.Dispose();
        Pooler?.Dispose();
        LanguageModelHead?.Dispose();
    }

    /// <summary>The architecture in a configuration, with values out of range reported as errors of the file.</summary>
    internal static IEncoderOptions ReadArchitecture(ICheckpointFormat format, CheckpointConfig config, out int vocabularySize)
    {
        try
        {
            var architecture = format.ReadOptions(config);
            var encoder = architecture.Create(device: META);
            using var module = (nn.Module)encoder;
            vocabularySize = encoder.VocabularySize;
            return architecture;
        }
        catch (ArgumentException exception)
        {
            throw new DataFormatException("the configuration is not possible", config.Path, found: exception.Message, inner: exception);
        }
    }

    static CheckpointConfig Changed(CheckpointConfig config, LoadOptions options)
    {
        if (options.MaximumLength is { } length) config = config.With("max_position_embeddings", JsonValue.Create(length));
        if (options.Dropout is { } dropout) config = config.With("hidden_dropout_prob", JsonValue.Create(dropout)).With("attention_probs_dropout_prob", JsonValue.Create(dropout));
        return config;
    }

    static IEncoderOptions With(IEncoderOptions architecture, string option, bool value)
    {
        var json = OptionsJson.Write(architecture);
        json[option] = value;
        return (IEncoderOptions)OptionsJson.Read(architecture.GetType(), JsonSerializer.SerializeToElement(json), nameof(EncoderCheckpoint));
    }

    static string Activation(CheckpointConfig config, LoadOptions options) => options.PoolerActivation ?? config.Text("pooler_activation") ?? "tanh";

    static void Warn(CheckpointConfig config, WeightMap map, List<string> warnings)
    {
        if (config.Flag("is_decoder") == true) warnings.Add($"{config.Path}: the model was trained to see only what is before a token (is_decoder). Here every token sees all others.");
        if (map.NotUsed.Count > 0) warnings.Add($"{config.Path}: the weights also hold a head for a task, which is not loaded: {string.Join(", ", map.NotUsed)}.");
    }

    // A language model whose output map is not the token embedding would score with other weights than it was trained with.
    static bool IsTied(IEncoder encoder, WeightMap map, List<string> warnings)
    {
        using var tokens = ((IMaskedLanguageModel)encoder).TokenWeights;
        if (map.OutputMap is null || ModuleWeights.AreEqual(tokens, map.OutputMap)) return true;
        warnings.Add("The output map of the language model is not the token embedding; its head is not loaded.");
        return false;
    }
}
