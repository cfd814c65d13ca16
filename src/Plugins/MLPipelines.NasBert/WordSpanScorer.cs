using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;

namespace MLPipelines.NasBert;

/// <summary>Turns a tag for each word into spans: neighbouring words with the same tag are one. The last step of models made by <see cref="NasBertNer"/>.</summary>
/// <remarks>
/// Input columns: text, and tags (vector of text), each that of the word before as <see cref="WordTextScorer"/> explains. Output columns as those of span extraction.
/// Source: https://arxiv.org/abs/2105.14444.
/// </remarks>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/2105.14444", Summary = "Joins tagged words to labelled spans")]
public sealed class WordSpanScorer(WordSpanScorer.Options options) : IBatchScorer<WordRow>, IPackageLoader
{
    const string Id = "transform.nas-bert-spans.v1";

    readonly Options options = OptionsValidator.Validate(options, Id);

    /// <inheritdoc/>
    public SchemaContract Contract { get; } = new(
        ColumnSpec.Required(options.TextColumn, "text", TextDataViewType.Instance),
        ColumnSpec.Required(options.TagColumn, "tags", TextDataViewType.Instance, SchemaShape.Column.VectorKind.VariableVector),
        ColumnSpec.Produced("PredictedStart", new VectorDataViewType(NumberDataViewType.Int32)),
        ColumnSpec.Produced("PredictedEnd", new VectorDataViewType(NumberDataViewType.Int32)),
        ColumnSpec.Produced("PredictedLabel", new VectorDataViewType(TextDataViewType.Instance)),
        ColumnSpec.Produced("PredictedText", new VectorDataViewType(TextDataViewType.Instance)),
        ColumnSpec.Produced("Score", new VectorDataViewType(NumberDataViewType.Single)));

    /// <inheritdoc/>
    public int LookAhead => 1;

    /// <inheritdoc/>
    public Func<WordRow> CreateReader(DataViewRow input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var text = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[options.TextColumn]);
        var tags = WordTagScorer.Vector<ReadOnlyMemory<char>>(input, options.TagColumn);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            text(ref value);
            return new(value.ToString(), [.. tags().Select(tag => tag.ToString())]);
        };
    }

    /// <inheritdoc/>
    public void Score(IReadOnlyList<WordRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows) row.Spans = Join(row);
    }

    /// <inheritdoc/>
    public Delegate CreateGetter(string column, Func<WordRow> current) => column switch
    {
        "PredictedStart" => Getter(current, (_, span) => span.Start),
        "PredictedEnd" => Getter(current, (_, span) => span.End),
        "PredictedLabel" => Getter(current, (_, span) => span.Label.AsMemory()),
        "PredictedText" => Getter(current, (row, span) => row.Text.AsMemory(span.Start, span.End - span.Start)),
        _ => Getter(current, (_, _) => 1f),
    };

    /// <inheritdoc/>
    public ModelPackage Pack() => new(typeof(WordSpanScorer), OptionsJson.Write(options));

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return new BatchedTransformer<WordRow>(new WordSpanScorer(OptionsJson.Read<Options>(package.Options, Id)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    static ValueGetter<VBuffer<T>> Getter<T>(Func<WordRow> current, Func<WordRow, (int Start, int End, string Label), T> value) =>
        (ref VBuffer<T> result) => result = new(current().Spans.Count, [.. current().Spans.Select(span => value(current(), span))]);

    static List<(int Start, int End, string Label)> Join(WordRow row)
    {
        var spans = new List<(int Start, int End, string Label)>();
        var before = WordRow.NoTag;
        foreach (var ((start, end), given) in WordRow.Words(row.Text).Zip(row.Tags.Skip(1)))
        {
            var tag = given.Length == 0 ? WordRow.NoTag : given;
            if (tag != WordRow.NoTag && tag == before) spans[^1] = (spans[^1].Start, end, tag);
            else if (tag != WordRow.NoTag) spans.Add((start, end, tag));
            before = tag;
        }

        return spans;
    }

    /// <summary>The columns.</summary>
    public sealed record Options
    {
        /// <summary>The column with the text.</summary>
        /// <value>The default is <c>Text</c>.</value>
        [Required] public string TextColumn { get; init; } = "Text";

        /// <summary>The column with a tag for each word.</summary>
        /// <value>The default is <c>PredictedWordTags</c>.</value>
        [Required] public string TagColumn { get; init; } = "PredictedWordTags";
    }
}
