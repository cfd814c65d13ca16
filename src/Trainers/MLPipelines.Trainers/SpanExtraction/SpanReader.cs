using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>Reads the spans of the row at which a cursor stands.</summary>
sealed class SpanReader(DataViewRow row, SpanColumns columns)
{
    readonly ValueGetter<VBuffer<int>> start = row.GetGetter<VBuffer<int>>(row.Schema[columns.Start]);
    readonly ValueGetter<VBuffer<int>> end = row.GetGetter<VBuffer<int>>(row.Schema[columns.End]);
    readonly ValueGetter<VBuffer<ReadOnlyMemory<char>>> label = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(row.Schema[columns.Label]);
    VBuffer<int> starts;
    VBuffer<int> ends;
    VBuffer<ReadOnlyMemory<char>> labels;

    /// <exception cref="Components.DataFormatException">The vectors differ in length.</exception>
    public LabeledSpan[] Read(long number)
    {
        start(ref starts);
        end(ref ends);
        label(ref labels);
        if (starts.Length != ends.Length || starts.Length != labels.Length)
        {
            throw TrainerErrors.Row(
                $"the vectors '{columns.Start}', '{columns.End}' and '{columns.Label}' differ in length", number, "one element for each span",
                TrainerErrors.Invariant($"{starts.Length}, {ends.Length} and {labels.Length} elements"));
        }
        var spans = new LabeledSpan[starts.Length];
        var (s, e, l) = (starts.DenseValues().ToArray(), ends.DenseValues().ToArray(), labels.DenseValues().ToArray());
        for (var i = 0; i < spans.Length; i++) spans[i] = new LabeledSpan(s[i], e[i], l[i].ToString());
        return spans;
    }
}
