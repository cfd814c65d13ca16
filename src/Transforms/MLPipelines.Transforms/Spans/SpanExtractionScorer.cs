using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;

namespace MLPipelines.Spans;

/// <summary>Finds labelled spans, such as named entities, in a text column.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>in: Text</term><description>text</description></item>
/// <item><term>out: PredictedStart, PredictedEnd</term><description>vectors of Int32: UTF-16 indices into the text, the end exclusive</description></item>
/// <item><term>out: PredictedLabel, PredictedText</term><description>vectors of text: the entity type, and the text between start and end</description></item>
/// <item><term>out: Score</term><description>vector of Single: the raw score, above the threshold</description></item>
/// </list>
/// The vectors of one row have equal lengths, one slot for each span, ordered by start, end and entity type. A text longer than the encoder accepts is read in
/// overlapping windows. Sources: https://arxiv.org/abs/2208.03054, https://kexue.fm/archives/8373.
/// </remarks>
[PipelineComponent("transform.span-extraction.v1", Source = "https://arxiv.org/abs/2208.03054", Summary = "Finds labelled spans in text with a GlobalPointer head")]
public sealed class SpanExtractionScorer : IBatchScorer<SpanRow>, IPackageLoader
{
    const string Id = "transform.span-extraction.v1";

    readonly ITextTokenizer _tokenizer;
    readonly SpanExtractionModel _model;
    readonly Options _options;
    readonly SpanPredictor _predictor;

    /// <summary>Joins a tokenizer and a trained model.</summary>
    /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
    /// <param name="model">The model; owned from now on, moved to the device of the options and switched to eval mode.</param>
    /// <param name="labels">The entity types, in the order of the model's head.</param>
    /// <param name="options">Columns and prediction settings; null stands for the defaults.</param>
    /// <param name="attachments">Files that travel with the model unread, for example how it was trained; not named <c>vocab.txt</c>.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, a label is there twice, or options are out of range.</exception>
    /// <exception cref="InvalidOperationException">The device is not there.</exception>
    public SpanExtractionScorer(
        ITextTokenizer tokenizer, SpanExtractionModel model, IReadOnlyList<string> labels, Options? options = null, IReadOnlyDictionary<string, byte[]>? attachments = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(labels);
        _options = OptionsValidator.Validate(options ?? new(), Id);
        if (labels.Count != model.Head.EntityTypes) throw Failures.PartsDoNotFit("the labels do not fit the head's entity types", model.Head.EntityTypes, labels.Count);
        if (SavedTextModel.Twice(labels) is { } twice) throw Failures.LabelTwice(twice);
        if (tokenizer.Vocabulary.Count > model.Encoder.VocabularySize)
            throw Failures.PartsDoNotFit("the vocabulary is larger than the encoder's embedding", model.Encoder.VocabularySize, tokenizer.Vocabulary.Count);
        (_tokenizer, _model, Labels) = (tokenizer, model, [.. labels]);
        Attachments = attachments ?? new Dictionary<string, byte[]>();
        if (Attachments.ContainsKey(SavedTextModel.VocabularyName)) throw Failures.AttachmentName(SavedTextModel.VocabularyName);
        _predictor = new(model, tokenizer, Labels, _options.Prediction);
        Contract = ContractOf(_options);
        ComputeDevice.Move(model, model.Device, _options.Device);
        model.eval();
    }

    /// <summary>The entity types, in the order of the model's head.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Files that travel with the model unread.</summary>
    public IReadOnlyDictionary<string, byte[]> Attachments { get; }

    /// <inheritdoc/>
    public SchemaContract Contract { get; }

    /// <inheritdoc/>
    public int LookAhead => _options.LookAhead;

    /// <summary>The columns that the scorer needs and produces with the given options; an estimator promises them before there is a model.</summary>
    /// <param name="options">The options.</param>
    public static SchemaContract ContractOf(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(
            ColumnSpec.Required(options.TextColumn, "text", TextDataViewType.Instance),
            ColumnSpec.Produced(options.StartColumn, new VectorDataViewType(NumberDataViewType.Int32)),
            ColumnSpec.Produced(options.EndColumn, new VectorDataViewType(NumberDataViewType.Int32)),
            ColumnSpec.Produced(options.LabelColumn, new VectorDataViewType(TextDataViewType.Instance)),
            ColumnSpec.Produced(options.SpanTextColumn, new VectorDataViewType(TextDataViewType.Instance)),
            ColumnSpec.Produced(options.ScoreColumn, new VectorDataViewType(NumberDataViewType.Single)));
    }

    /// <inheritdoc/>
    public Func<SpanRow> CreateReader(DataViewRow input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var getText = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[_options.TextColumn]);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getText(ref value);
            var text = value.ToString();
            return new(text, _tokenizer.Tokenize(text));
        };
    }

    /// <inheritdoc/>
    public void Score(IReadOnlyList<SpanRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var spans = _predictor.Predict([.. rows.Select(row => row.Tokens)]);
        for (var i = 0; i < rows.Count; i++) rows[i].Spans = spans[i];
    }

    /// <inheritdoc/>
    public Delegate CreateGetter(string column, Func<SpanRow> current)
    {
        if (column == _options.StartColumn) return Getter(current, (_, span) => span.Start);
        if (column == _options.EndColumn) return Getter(current, (_, span) => span.End);
        if (column == _options.LabelColumn) return Getter(current, (_, span) => span.Label.AsMemory());
        if (column == _options.SpanTextColumn) return Getter(current, (row, span) => row.Text.AsMemory(span.Start, span.End - span.Start));
        if (column == _options.ScoreColumn) return Getter(current, (_, span) => span.Score);
        throw Failures.UnknownChoice("produced column", column, Contract.Produced.Select(produced => produced.Name));
    }

    static ValueGetter<VBuffer<T>> Getter<T>(Func<SpanRow> current, Func<SpanRow, PredictedSpan, T> select) => (ref VBuffer<T> value) =>
    {
        var row = current();
        var editor = VBufferEditor.Create(ref value, row.Spans.Count);
        for (var i = 0; i < row.Spans.Count; i++) editor.Values[i] = select(row, row.Spans[i]);
        value = editor.Commit();
    };

    /// <inheritdoc/>
    public ModelPackage Pack() => new(typeof(SpanExtractionScorer), Saved(), ModuleWeights.Export(_model), SavedTextModel.Files(_tokenizer, Attachments));

    /// <inheritdoc/>
    public PackageDescription Describe() => new(typeof(SpanExtractionScorer), Saved(), ModuleWeights.Sources(_model), SavedTextModel.Files(_tokenizer, Attachments));

    JsonObject Saved()
    {
        var options = SavedTextModel.Write(_tokenizer, _model.Encoder);
        options["labels"] = SavedLabels.Write(Labels);
        options["scoring"] = OptionsJson.Write(_options);
        options["head"] = SavedComponent.Write(_model.Head, _model.Head.Settings);
        return options;
    }

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.ComponentId != Id) throw Failures.OtherComponent(Id, package.ComponentId);
        try
        {
            return new BatchedTransformer<SpanRow>(Read(package));
        }
        catch (Exception exception) when (exception is ArgumentException or DataFormatException or JsonException)
        {
            throw Failures.PartCannotBeMade(typeof(SpanExtractionScorer), exception);
        }
    }

    static SpanExtractionScorer Read(ModelPackage package)
    {
        var json = package.Options;
        var labels = SavedLabels.Read(json["labels"]);
        var head = SavedComponent.ReadOptions(json["head"]) as ISpanHeadOptions ?? throw Failures.PartMalformed(typeof(ISpanHead));
        var options = OptionsJson.Read<Options>(json["scoring"] as JsonObject ?? throw Failures.PartMalformed(typeof(Options)), Id);
        var (tokenizer, encoder) = SavedTextModel.Read(package);
        var model = SavedTextModel.Join(
            package, encoder, head.CountParameters(encoder.HiddenSize, labels.Length), () => new SpanExtractionModel(encoder, head.Create(encoder.HiddenSize, labels.Length, encoder.MaximumLength)));
        try
        {
            ModuleWeights.Import(model, package.Tensors, Id);
            return new(tokenizer, model, labels, options with { Device = ComputeDevice.OrAuto(options.Device) }, SavedTextModel.Attachments(package));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    /// <summary>Columns and prediction settings.</summary>
    public sealed record Options
    {
        /// <summary>The column with the text.</summary>
        /// <value>The default is <c>Text</c>.</value>
        [Required] public string TextColumn { get; init; } = "Text";

        /// <summary>The output column with the spans' starts.</summary>
        /// <value>The default is <c>PredictedStart</c>.</value>
        [Required] public string StartColumn { get; init; } = "PredictedStart";

        /// <summary>The output column with the spans' ends, exclusive.</summary>
        /// <value>The default is <c>PredictedEnd</c>.</value>
        [Required] public string EndColumn { get; init; } = "PredictedEnd";

        /// <summary>The output column with the spans' entity types.</summary>
        /// <value>The default is <c>PredictedLabel</c>.</value>
        [Required] public string LabelColumn { get; init; } = "PredictedLabel";

        /// <summary>The output column with the spans' texts.</summary>
        /// <value>The default is <c>PredictedText</c>.</value>
        [Required] public string SpanTextColumn { get; init; } = "PredictedText";

        /// <summary>The output column with the spans' scores.</summary>
        /// <value>The default is <c>Score</c>.</value>
        [Required] public string ScoreColumn { get; init; } = "Score";

        /// <summary>How spans are predicted.</summary>
        [Required] public SpanPredictorOptions Prediction { get; init; } = new();

        /// <summary>Where to compute: <c>auto</c> (a GPU where there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. A model that is loaded where there is no such GPU takes <c>auto</c>.</summary>
        /// <value>The default is <c>auto</c>; a trainer puts its own device here.</value>
        [Required, KnownDevice] public string Device { get; init; } = "auto";

        /// <summary>How many rows a cursor may read ahead to batch rows of similar length.</summary>
        /// <value>The default is 512.</value>
        [Range(1, 1_000_000)] public int LookAhead { get; init; } = 512;
    }
}
