using System.Text.Json;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Files;

/// <summary>Reads labelled texts from JSON lines.</summary>
sealed class LabeledTextJson(string path, LabeledTextFormat format, LabelForm form)
{
    readonly (string[] Text, string[] Second, string[] Label) names = form.Names();
    string? text;
    string? second;
    List<string>? labels;
    List<float> probabilities = [];
    (int Text, int Second) ranks;

    public IEnumerable<LabeledText> Read()
    {
        using var stream = DataFile.Open(path);
        var rows = 0L;
        foreach (var (number, bytes) in Utf8Lines.Read(stream))
        {
            if (bytes.Span.IndexOfAnyExcept(" \t"u8) < 0) continue;
            rows++;
            yield return Parse(number, bytes.Span);
        }
        if (rows == 0) throw new DataFormatException("the file contains no rows", path, expected: form.Example(), found: "an empty file");
    }

    LabeledText Parse(long number, ReadOnlySpan<byte> bytes)
    {
        (text, second, labels, probabilities, ranks) = (null, null, null, [], (int.MaxValue, int.MaxValue));
        var line = new JsonLine(path, number, bytes, form.Example());
        line.ReadObject(ReadField);
        if (text is null) throw line.Missing(format.TextColumn ?? names.Text[0]);
        if (second is null && form == LabelForm.Score) throw line.Missing(format.SecondTextColumn ?? names.Second[0]);
        if (labels is null) throw line.Missing(format.LabelColumn ?? names.Label[0], form == LabelForm.Many ? "; a text without labels has an empty list" : "");
        return new(number, text, second ?? "", labels, probabilities);
    }

    bool ReadField(JsonLine line, ref Utf8JsonReader reader)
    {
        // Of several usual names that are there, the first of the list counts, wherever it stands in the line.
        if (Rank(ref reader, format.TextColumn, names.Text) is { } textRank)
        {
            if (textRank > ranks.Text) return false;
            (ranks.Text, text) = (textRank, line.Text(ref reader, format.TextColumn ?? names.Text[textRank]));
        }
        else if (Rank(ref reader, format.SecondTextColumn, names.Second) is { } secondRank)
        {
            if (secondRank > ranks.Second) return false;
            (ranks.Second, second) = (secondRank, line.Text(ref reader, format.SecondTextColumn ?? names.Second[secondRank]));
        }
        else if (Rank(ref reader, format.LabelColumn, names.Label) is null) return false;
        else if (form == LabelForm.Score) return ReadScore(line, ref reader);
        else ReadLabels(line, ref reader);
        return true;
    }

    // Beside a field 'score' a field 'label' may be anything.
    bool ReadScore(JsonLine line, ref Utf8JsonReader reader)
    {
        var isOther = format.LabelColumn is null && !reader.ValueTextEquals(names.Label[0]);
        if (isOther && labels is not null) return false;
        reader.Read();
        var score = reader.TokenType == JsonTokenType.Number ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan) : reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (LabelForms.Score(score) is not null) labels = [score!];
        else if (!isOther) throw line.At(ref reader, $"the field '{format.LabelColumn ?? names.Label[0]}' is not a number", "a number");
        else reader.Skip();
        return true;
    }

    /// <summary>The place of a field among those that are looked for; null where it is none of them.</summary>
    static int? Rank(ref Utf8JsonReader reader, string? given, string[] usual)
    {
        if (given is not null) return reader.ValueTextEquals(given) ? 0 : null;
        for (var i = 0; i < usual.Length; i++)
        {
            if (reader.ValueTextEquals(usual[i])) return i;
        }
        return null;
    }

    void ReadLabels(JsonLine line, ref Utf8JsonReader reader)
    {
        if (labels is not null) throw line.At(ref reader, "the line has both a field 'label' and a field 'labels'", "one of them, or the name of the one that counts as the label column (--label-column)");
        var name = format.LabelColumn ?? names.Label[0];
        reader.Read();
        labels = [];
        if (form == LabelForm.One || reader.TokenType == JsonTokenType.String)
        {
            Add(line, ref reader, $"the field '{name}' is not a label", 1);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Add(line, ref reader, $"the field '{name}' holds something that is not a label", 1);
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                labels.Add(reader.GetString() is { Length: > 0 } label ? label : throw line.At(ref reader, "a label is empty", "a name"));
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out var probability) || probability is not (>= 0 and <= 1))
                    throw line.At(ref reader, $"the probability of the label '{labels[^1]}' is not in range", "a number from 0 to 1");
                probabilities.Add(probability);
            }
        }
        else
        {
            throw line.At(ref reader, $"the field '{name}' holds no labels", "a list of labels, or an object with a probability for each");
        }
    }

    void Add(JsonLine line, ref Utf8JsonReader reader, string what, float probability)
    {
        labels!.Add(reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } label ? label : throw line.At(ref reader, what, "a string that is not empty"));
        probabilities.Add(probability);
    }
}
