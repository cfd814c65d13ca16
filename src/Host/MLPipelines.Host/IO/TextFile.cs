using System.Collections;
using MLPipelines.Host.Models;

namespace MLPipelines.Host;

/// <summary>The texts of a file, without labels: plain lines, JSON lines, TSV or CSV. Each enumeration opens the file anew and reads it row by row.</summary>
/// <param name="path">The file.</param>
/// <param name="what">What it is for, for messages.</param>
/// <param name="textFields">The fields that may hold the text; the first one that is there does.</param>
/// <param name="secondTextFields">The fields that may hold the second text of a pair; none for single texts.</param>
internal sealed class TextFile(string path, string what, IReadOnlyList<string> textFields, params IReadOnlyList<string> secondTextFields) : IEnumerable<RowScoring.TextRow>
{
    public IEnumerator<RowScoring.TextRow> GetEnumerator()
    {
        using var stream = InputFile.Open(path, what);
        var isEmpty = true;
        foreach (var row in Pairs(TextRows.Read(stream, path, TextFormat.Auto, textFields)))
        {
            isEmpty = false;
            yield return row.Error is null ? new RowScoring.TextRow { Text = row.Text!, SecondText = row.SecondText ?? "" } : throw new UsageException($"{path}, {row.Error}. Expected a text.");
        }

        if (isEmpty)
        {
            throw new UsageException($"{path}: {what} has no rows. Expected lines of text, JSON lines such as {{\"text\": \"…\"}}, or a table with a header.");
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<InputRow> Pairs(IEnumerable<InputRow> rows) => secondTextFields.Count == 0 ? rows : LabeledRows.WithSecondText(rows, secondTextFields);
}
