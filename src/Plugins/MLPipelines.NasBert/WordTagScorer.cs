using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;

namespace MLPipelines.NasBert;

/// <summary>Turns gold spans into a tag for each word, the label of the span in which the word begins, and one for the word at the end. Used while training only.</summary>
sealed class WordTagScorer(NasBertNer.Options options, string output) : IBatchScorer<WordRow>
{
    public SchemaContract Contract { get; } = new(
        ColumnSpec.Required(options.TextColumn, "text", TextDataViewType.Instance),
        ColumnSpec.Required(options.StartColumn, "gold start", NumberDataViewType.Int32, SchemaShape.Column.VectorKind.VariableVector),
        ColumnSpec.Required(options.EndColumn, "gold end", NumberDataViewType.Int32, SchemaShape.Column.VectorKind.VariableVector),
        ColumnSpec.Required(options.LabelColumn, "gold label", TextDataViewType.Instance, SchemaShape.Column.VectorKind.VariableVector),
        ColumnSpec.Produced(output, new VectorDataViewType(TextDataViewType.Instance)));

    public int LookAhead => 1;

    public Func<WordRow> CreateReader(DataViewRow input)
    {
        var text = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[options.TextColumn]);
        var (starts, ends) = (Vector<int>(input, options.StartColumn), Vector<int>(input, options.EndColumn));
        var labels = Vector<ReadOnlyMemory<char>>(input, options.LabelColumn);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            text(ref value);
            var (start, end, label) = (starts(), ends(), labels());
            string Tag(int at)
            {
                var span = Enumerable.Range(0, start.Length).FirstOrDefault(i => start[i] <= at && at < end[i], -1);
                return span < 0 ? WordRow.NoTag : label[span].ToString();
            }

            return new(value.ToString(), [.. WordRow.Words(value.ToString()).Select(word => Tag(word.Start)), WordRow.NoTag]);
        };
    }

    public void Score(IReadOnlyList<WordRow> rows)
    {
    }

    public Delegate CreateGetter(string column, Func<WordRow> current)
    {
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = (ref VBuffer<ReadOnlyMemory<char>> value) =>
            value = new(current().Tags.Count, [.. current().Tags.Select(tag => tag.AsMemory())]);
        return getter;
    }

    public ModelPackage Pack() => throw new NotSupportedException("Word tags are made for training only and are not part of a model.");

    public void Dispose()
    {
    }

    internal static Func<T[]> Vector<T>(DataViewRow row, string column)
    {
        var get = row.GetGetter<VBuffer<T>>(row.Schema[column]);
        VBuffer<T> values = default;
        return () =>
        {
            get(ref values);
            return [.. values.DenseValues()];
        };
    }
}
