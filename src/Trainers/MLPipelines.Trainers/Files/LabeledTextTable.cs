using System.Globalization;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Files;

/// <summary>Reads labelled texts from a table, CSV or TSV.</summary>
sealed class LabeledTextTable(string path, LabeledTextFormat format, LabelForm form)
{
    public IEnumerable<LabeledText> Read()
    {
        using var stream = DataFile.Open(path, "rows with text and label");
        var isComma = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);
        using var records = DelimitedLines.Read(path, stream, isComma ? ',' : '\t', quotes: isComma).GetEnumerator();
        (int Text, int? Second, int Label)? columns = !format.HasHeader ? Numbered() : records.MoveNext() ? Named(records.Current) : null;
        var rows = 0L;
        while (columns is not null && records.MoveNext())
        {
            rows++;
            yield return Row(records.Current, columns.Value);
        }
        if (rows == 0) throw new DataFormatException("the file contains no rows", path, expected: format.HasHeader ? "a header line and rows below it" : "rows", found: columns is null ? "an empty file" : "none");
    }

    LabeledText Row(DelimitedLines.Record record, (int Text, int? Second, int Label) columns)
    {
        var text = Field(record, columns.Text);
        var second = columns.Second is { } at ? Field(record, at) : "";
        var label = Field(record, columns.Label);
        string[] labels = form == LabelForm.Many ? label.Split(format.LabelSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [label];
        if (form == LabelForm.One && label.Length == 0) throw new DataFormatException("the label is empty", path, record.Line, record.Columns[columns.Label], "a label", "nothing");
        if (form == LabelForm.Score && LabelForms.Score(label) is null) throw new DataFormatException("the score is not a number", path, record.Line, record.Columns[columns.Label], "a number", $"'{label}'");
        return new(record.Line, text, second, labels, [.. labels.Select(_ => 1f)]);
    }

    string Field(DelimitedLines.Record record, int column) => column < record.Fields.Count ? record.Fields[column] : throw new DataFormatException(
        "the row has too few columns", path, record.Line, expected: string.Create(CultureInfo.InvariantCulture, $"at least {column + 1}"), found: string.Create(CultureInfo.InvariantCulture, $"{record.Fields.Count}"));

    (int Text, int? Second, int Label) Numbered()
    {
        if (form == LabelForm.Score && format.SecondTextColumn is null)
            throw new DataFormatException("a pair has two texts", path, expected: "the number of the second text's column with --second-text-column", found: "only that of the first");
        return (Number(format.TextColumn!), format.SecondTextColumn is null ? null : Number(format.SecondTextColumn), Number(format.LabelColumn!));
    }

    static int Number(string column) => int.Parse(column, CultureInfo.InvariantCulture);

    (int Text, int? Second, int Label) Named(DelimitedLines.Record header)
    {
        var names = form.Names();
        var second = format.SecondTextColumn is null && form != LabelForm.Score ? Find(header, names.Second[0]) : Required(header, "--second-text-column", format.SecondTextColumn, names.Second);
        return (Required(header, "--text-column", format.TextColumn, names.Text), second, Required(header, "--label-column", format.LabelColumn, names.Label));
    }

    int Required(DelimitedLines.Record header, string option, string? given, params string[] usual)
    {
        string[] names = given is null ? usual : [given];
        return names.Select(name => Find(header, name)).FirstOrDefault(index => index is not null) ?? throw new DataFormatException(
            $"the header has no column '{string.Join("' or '", names)}'", path, header.Line, 1,
            $"its name with {option}, or the number of the column, from 0, where there is no header", $"the columns {string.Join(", ", header.Fields.Select(field => $"'{field}'"))}");
    }

    static int? Find(DelimitedLines.Record header, string name)
    {
        for (var i = 0; i < header.Fields.Count; i++)
        {
            if (header.Fields[i].Trim().Equals(name, StringComparison.Ordinal)) return i;
        }
        return null;
    }
}
