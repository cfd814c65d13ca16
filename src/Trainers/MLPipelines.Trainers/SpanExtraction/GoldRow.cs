using Microsoft.ML;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>A text with its gold spans, checked.</summary>
sealed record GoldRow(string Text, IReadOnlyList<LabeledSpan> Spans)
{
    /// <summary>Whether any two different spans share a character.</summary>
    public bool HasOverlaps
    {
        get
        {
            var ordered = Spans.Distinct().OrderBy(span => span.Start).ToList();
            return ordered.Skip(1).Zip(ordered, (next, span) => next.Start < span.End).Any(overlap => overlap);
        }
    }

    /// <summary>Reads all rows of a view.</summary>
    /// <exception cref="Components.DataFormatException">A row contradicts itself; the message names it, counted from 1.</exception>
    public static List<GoldRow> ReadAll(IDataView data, string textColumn, SpanColumns columns, CancellationToken cancellationToken)
    {
        var rows = new List<GoldRow>();
        string[] names = [textColumn, columns.Start, columns.End, columns.Label];
        using var cursor = data.GetRowCursor(data.Schema.Where(column => !column.IsHidden && names.Contains(column.Name)));
        var getText = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema[textColumn]);
        var reader = new SpanReader(cursor, columns);
        ReadOnlyMemory<char> text = default;
        cancellationToken.ThrowIfCancellationRequested();
        while (cursor.MoveNext())
        {
            var number = rows.Count + 1L;
            getText(ref text);
            var row = new GoldRow(text.ToString(), reader.Read(number));
            foreach (var span in row.Spans) Check(span, row.Text.Length, number);
            rows.Add(row);
            cancellationToken.ThrowIfCancellationRequested();
        }
        return rows;
    }

    static void Check(LabeledSpan span, int length, long number)
    {
        var found = TrainerErrors.Invariant($"start {span.Start}, end {span.End}");
        if (span.Start >= span.End) throw TrainerErrors.Row("a span's start is not before its end", number, "start < end (end is exclusive)", found);
        if (span.Start < 0 || span.End > length)
        {
            throw TrainerErrors.Row("a span is outside the text", number, TrainerErrors.Invariant($"UTF-16 offsets from 0 to {length}"), found);
        }
        if (span.Label.Length == 0) throw TrainerErrors.Row("a span has no label", number, "a text that is not empty", "an empty label");
    }
}
