using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;

namespace MLPipelines.Classification;

/// <summary>What the scorers of whole texts have in common: the parts of the model, reading rows, scoring them, and the package.</summary>
sealed class TextScoring : IDisposable
{
    readonly ITextTokenizer _tokenizer;
    readonly TextScoringModel _model;
    readonly TextInputOptions _input;
    readonly TextPredictor _predictor;

    public TextScoring(
        ITextTokenizer tokenizer, TextScoringModel model, IReadOnlyList<string> labels, TextInputOptions input, string device, IReadOnlyDictionary<string, byte[]>? attachments)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != model.Head.Outputs) throw Failures.PartsDoNotFit("the labels do not fit the head's scores", model.Head.Outputs, labels.Count);
        if (SavedTextModel.Twice(labels) is { } twice) throw Failures.LabelTwice(twice);
        if (tokenizer.Vocabulary.Count > model.Encoder.VocabularySize)
            throw Failures.PartsDoNotFit("the vocabulary is larger than the encoder's embedding", model.Encoder.VocabularySize, tokenizer.Vocabulary.Count);
        (_tokenizer, _model, _input, Labels) = (tokenizer, model, input, [.. labels]);
        Attachments = attachments ?? new Dictionary<string, byte[]>();
        if (Attachments.ContainsKey(SavedTextModel.VocabularyName)) throw Failures.AttachmentName(SavedTextModel.VocabularyName);
        _predictor = new(model, tokenizer, input);
        ComputeDevice.Move(model, model.Device, device);
        model.eval();
    }

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyDictionary<string, byte[]> Attachments { get; }

    public static IEnumerable<ColumnSpec> Required(TextInputOptions input)
    {
        yield return ColumnSpec.Required(input.TextColumn, "text", TextDataViewType.Instance);
        if (input.SecondTextColumn is not null) yield return ColumnSpec.Required(input.SecondTextColumn, "second text", TextDataViewType.Instance);
    }

    public Func<TextRow> CreateReader(DataViewRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var first = TextOf(row, _input.TextColumn);
        var second = _input.SecondTextColumn is null ? null : TextOf(row, _input.SecondTextColumn);
        return () => new(_predictor.Sequences(first(), second?.Invoke()));
    }

    static Func<string> TextOf(DataViewRow row, string column)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[column]);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            get(ref value);
            return value.ToString();
        };
    }

    public void Score(IReadOnlyList<TextRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var scores = _predictor.Predict([.. rows.Select(row => row.Sequences)]);
        for (var i = 0; i < rows.Count; i++) rows[i].Scores = scores[i];
    }

    public ModelPackage Pack(Type scorer, object options, Array? keyValues = null)
        => new(scorer, Saved(options, keyValues), ModuleWeights.Export(_model), SavedTextModel.Files(_tokenizer, Attachments));

    public PackageDescription Describe(Type scorer, object options, Array? keyValues = null)
        => new(scorer, Saved(options, keyValues), ModuleWeights.Sources(_model), SavedTextModel.Files(_tokenizer, Attachments));

    JsonObject Saved(object options, Array? keyValues)
    {
        var json = SavedTextModel.Write(_tokenizer, _model.Encoder);
        json["labels"] = SavedLabels.Write(Labels);
        json["scoring"] = OptionsJson.Write(options);
        json["head"] = OptionsJson.Write(_model.Head.Settings);
        if (keyValues is not null) json[KeyValues.Key] = KeyValues.Write(keyValues);
        return json;
    }

    /// <summary>Makes a scorer from a package, which may come from an untrusted file.</summary>
    /// <param name="package">The package.</param>
    /// <param name="id">The component that it has to be of.</param>
    /// <param name="create">Makes the scorer from tokenizer, model, labels, options and attachments; it owns the model unless it throws.</param>
    public static TScorer Read<TScorer, TOptions>(
        ModelPackage package, string id, Func<ITextTokenizer, TextScoringModel, string[], TOptions, IReadOnlyDictionary<string, byte[]>, TScorer> create)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.ComponentId != id) throw Failures.OtherComponent(id, package.ComponentId);
        try
        {
            return ReadParts(package, id, create);
        }
        catch (Exception exception) when (exception is ArgumentException or DataFormatException or JsonException)
        {
            throw Failures.PartCannotBeMade(typeof(TScorer), exception);
        }
    }

    static TScorer ReadParts<TScorer, TOptions>(
        ModelPackage package, string id, Func<ITextTokenizer, TextScoringModel, string[], TOptions, IReadOnlyDictionary<string, byte[]>, TScorer> create)
        where TOptions : class
    {
        var json = package.Options;
        var labels = SavedLabels.Read(json["labels"]);
        var head = OptionsJson.Read<SequenceHead.Options>(json["head"] as JsonObject ?? throw Failures.PartMalformed(typeof(SequenceHead)), id);
        var options = OptionsJson.Read<TOptions>(json["scoring"] as JsonObject ?? throw Failures.PartMalformed(typeof(TOptions)), id);
        var (tokenizer, encoder) = SavedTextModel.Read(package);
        var model = SavedTextModel.Join(package, encoder, head.CountParameters(encoder.HiddenSize, labels.Length), () => new TextScoringModel(encoder, new(encoder.HiddenSize, labels.Length, head)));
        try
        {
            ModuleWeights.Import(model, package.Tensors, id);
            return create(tokenizer, model, labels, options, SavedTextModel.Attachments(package));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose() => _model.Dispose();
}
