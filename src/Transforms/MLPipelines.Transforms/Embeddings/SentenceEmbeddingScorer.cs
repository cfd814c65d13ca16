using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Embeddings;

/// <summary>Turns texts into vectors; <see cref="SentenceEmbeddingEstimator"/> describes columns and results.</summary>
public sealed class SentenceEmbeddingScorer : IBatchScorer<SentenceRow>
{
    readonly ITextTokenizer _tokenizer;
    readonly SentenceEmbeddingModel _model;
    readonly SentenceEmbeddingEstimator.Options _options;
    readonly Device _device;
    readonly int _maximumLength;
    readonly LengthBatches _batches = new();

    /// <summary>Joins a tokenizer and a model.</summary>
    /// <param name="tokenizer">The tokenizer that the encoder was trained with.</param>
    /// <param name="model">The model; owned from now on, moved to the device and precision of the options, and switched to eval mode.</param>
    /// <param name="options">Settings; the model's own pooling counts.</param>
    /// <param name="attachments">Files that travel with the model unread, for example how it was trained; not named <c>vocab.txt</c>.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, or options are out of range.</exception>
    /// <exception cref="InvalidOperationException">The device is not there.</exception>
    public SentenceEmbeddingScorer(ITextTokenizer tokenizer, SentenceEmbeddingModel model, SentenceEmbeddingEstimator.Options options, IReadOnlyDictionary<string, byte[]>? attachments = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(model);
        _options = OptionsValidator.Validate(options, SentenceEmbeddingEstimator.Id) with { Pooling = model.Pooling };
        if (tokenizer.Vocabulary.Count > model.Encoder.VocabularySize)
            throw Failures.PartsDoNotFit("the vocabulary is larger than the encoder's embedding", model.Encoder.VocabularySize, tokenizer.Vocabulary.Count);
        _maximumLength = options.MaximumLength ?? model.Encoder.MaximumLength;
        if (_maximumLength > model.Encoder.MaximumLength) throw Failures.MaximumLengthTooLong(_maximumLength, model.Encoder.MaximumLength);
        (_tokenizer, _model, _device) = (tokenizer, model, ComputeDevice.Parse(options.Device));
        Attachments = attachments ?? new Dictionary<string, byte[]>();
        if (Attachments.ContainsKey(SavedTextModel.VocabularyName)) throw Failures.AttachmentName(SavedTextModel.VocabularyName);
        Contract = ContractOf(_options, Size);
        // Parameters made in inference mode could never be trained.
        using var ordinary = inference_mode(false);
        if (options.Precision is EmbeddingPrecision.Bfloat16) model.to(ScalarType.BFloat16);
        if (_device.type != DeviceType.CPU) model.to(_device);
        model.eval();
    }

    /// <summary>Files that travel with the model unread.</summary>
    public IReadOnlyDictionary<string, byte[]> Attachments { get; }

    /// <summary>The length of the vectors.</summary>
    public int Size => _model.Encoder.HiddenSize;

    /// <inheritdoc/>
    public SchemaContract Contract { get; }

    /// <inheritdoc/>
    public int LookAhead => _options.LookAhead;

    internal static SchemaContract ContractOf(SentenceEmbeddingEstimator.Options options, int size) => new(
        ColumnSpec.Required(options.InputColumn, "text", TextDataViewType.Instance), ColumnSpec.Produced(options.OutputColumn, new VectorDataViewType(NumberDataViewType.Single, size)));

    /// <inheritdoc/>
    public Func<SentenceRow> CreateReader(DataViewRow input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var getText = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[_options.InputColumn]);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getText(ref value);
            return new(TextSequences.Of(_tokenizer.Tokenize(value.ToString()), _tokenizer, _maximumLength, _options.WindowOverlap));
        };
    }

    /// <inheritdoc/>
    public void Score(IReadOnlyList<SentenceRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows) row.Begin(Size);
        var windows = rows.SelectMany(row => row.Windows.Select(window => (Row: row, Window: window))).ToList();
        var batches = _batches.Run([.. windows.Select(item => item.Window.Length)], Limit, _device, group => Encode([.. group.Select(i => windows[i].Window)]));
        foreach (var (group, vectors) in batches) // vectors [B, H]
        {
            for (var i = 0; i < group.Length; i++)
            {
                var (row, window) = windows[group[i]];
                row.Add(vectors.AsSpan(i * Size, Size), window.Length);
            }
        }

        if (!_options.Normalize) return;
        foreach (var row in rows) row.Normalize();
    }

    float[] Encode(TextSequence[] windows)
    {
        var vectors = _model.call(TextSequences.ToBatch(windows, _tokenizer.PadId, _device)).cpu().contiguous(); // [B, H]
        return MemoryMarshal.Cast<byte, float>(vectors.bytes).ToArray();
    }

    // Long sequences go in smaller groups, so that memory does not depend on the lengths of the texts.
    int Limit(int length) => Math.Min(_options.BatchSize, Math.Max(1, _options.BatchTokens / length));

    /// <inheritdoc/>
    public Delegate CreateGetter(string column, Func<SentenceRow> current)
    {
        if (column != _options.OutputColumn) throw Failures.UnknownChoice("produced column", column, [_options.OutputColumn]);
        return VectorGetter.Of(() => current().Values);
    }

    /// <inheritdoc/>
    public ModelPackage Pack() => new(typeof(SentenceEmbeddingEstimator), Saved(), ModuleWeights.Export(_model), SavedTextModel.Files(_tokenizer, Attachments));

    /// <inheritdoc/>
    public PackageDescription Describe() => new(typeof(SentenceEmbeddingEstimator), Saved(), ModuleWeights.Sources(_model), SavedTextModel.Files(_tokenizer, Attachments));

    JsonObject Saved()
    {
        var options = SavedTextModel.Write(_tokenizer, _model.Encoder);
        options["embedding"] = OptionsJson.Write(_options);
        if (_model.Pooler is { } pooler) options["pooler"] = pooler.Activation;
        return options;
    }

    internal static SentenceEmbeddingScorer Read(ModelPackage package)
    {
        var json = package.Options["embedding"] as JsonObject ?? throw Failures.PartMalformed(typeof(SentenceEmbeddingEstimator));
        var options = OptionsJson.Read<SentenceEmbeddingEstimator.Options>(json, SentenceEmbeddingEstimator.Id);
        var activation = package.Options["pooler"]?.Deserialize<string>();
        var (tokenizer, encoder) = SavedTextModel.Read(package);
        var parts = new SentenceEncoder.Parts(tokenizer, encoder, Pooler: null);
        try
        {
            SavedTextModel.CheckSize(package, encoder, activation is null ? 0 : encoder.HiddenSize * (encoder.HiddenSize + 1m));
            if (activation is not null) parts = parts with { Pooler = SentenceEncoder.Pooler(encoder, activation) };
            var model = new SentenceEmbeddingModel(encoder, options.Pooling, parts.Pooler);
            ModuleWeights.Import(model, package.Tensors, SentenceEmbeddingEstimator.Id);
            return new(tokenizer, model, options with { Device = ComputeDevice.OrAuto(options.Device) }, SavedTextModel.Attachments(package));
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
