using System.Collections;
using System.Globalization;
using System.Text;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Files;

/// <summary>The rows of a file of labelled texts, JSON lines, CSV or TSV. Each enumeration opens the file anew and reads it row by row.</summary>
/// <param name="path">The file.</param>
/// <param name="format">Where texts and labels stand.</param>
/// <param name="form">What a row says about its text.</param>
/// <param name="convert">Makes the row of the view.</param>
sealed class LabeledTextFile<TRow>(string path, LabeledTextFormat format, LabelForm form, Func<LabeledText, TRow> convert) : IEnumerable<TRow>
{
    readonly LabeledTextFormat format = OptionsValidator.Validate(format, "the format of the data file");

    public IEnumerator<TRow> GetEnumerator()
    {
        var names = format.LabelNames is null ? null : ReadNames(format.LabelNames);
        var dropped = 0L;
        var any = false;
        var isTable = Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv" or ".tab" or ".txt";
        foreach (var row in isTable ? new LabeledTextTable(path, format, form).Read() : new LabeledTextJson(path, format, form).Read())
        {
            if (format.Drop is { } drop && (row.Text == drop || row.SecondText == drop))
            {
                dropped++;
                continue;
            }
            any = true;
            yield return convert(names is null ? row : row with { Labels = [.. row.Labels.Select(label => Name(names, label, row.Line))] });
        }
        if (!any) throw new DataFormatException("every row is left out", path, expected: "a row without the text that --drop names", found: string.Create(CultureInfo.InvariantCulture, $"'{format.Drop}' in all {dropped} rows"));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static List<string> ReadNames(string file)
    {
        using var stream = DataFile.Open(file, "labels, one a line");
        var names = Utf8Lines.Read(stream).Select(line => Encoding.UTF8.GetString(line.Line.Span).Trim()).ToList();
        while (names is [.., ""]) names.RemoveAt(names.Count - 1);
        return names;
    }

    string Name(List<string> names, string label, long line) => int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < names.Count
        ? names[index]
        : throw new DataFormatException("the label is not the number of a label name", path, line, expected: string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {names.Count - 1}"), found: $"'{label}'");
}
