using Microsoft.ML;
using MLPipelines.Classification;
using MLPipelines.Scoring;

namespace MLPipelines.Trainers.Texts;

/// <summary>A row of the training or validation data.</summary>
/// <typeparam name="TLabel">The form of its label or labels.</typeparam>
/// <param name="Number">The row, counted from 1.</param>
/// <param name="Text">The text.</param>
/// <param name="SecondText">The second text of a pair; null for single texts.</param>
/// <param name="Label">The label or labels.</param>
sealed record LabeledTextRow<TLabel>(long Number, string Text, string? SecondText, TLabel Label);

/// <summary>Reads rows and lays them out for the encoder.</summary>
static class LabeledTextRow
{
    /// <param name="data">The view; read once.</param>
    /// <param name="texts">The columns with the text and, for pairs, with the second one.</param>
    /// <param name="labelColumns">The columns that the label reader needs.</param>
    /// <param name="createLabelReader">Makes, for a cursor, a function that reads the label of the row on which it stands; its argument is the row's number.</param>
    /// <param name="cancellationToken">Checked for every row.</param>
    public static List<LabeledTextRow<TLabel>> ReadAll<TLabel>(
        IDataView data, (string First, string? Second) texts, IEnumerable<string?> labelColumns, Func<DataViewRow, Func<long, TLabel>> createLabelReader, CancellationToken cancellationToken)
    {
        var names = labelColumns.Append(texts.First).Append(texts.Second).ToHashSet();
        using var cursor = data.GetRowCursor(data.Schema.Where(column => !column.IsHidden && names.Contains(column.Name)));
        var text = TextOf(cursor, texts.First);
        var second = texts.Second is null ? null : TextOf(cursor, texts.Second);
        var label = createLabelReader(cursor);
        var rows = new List<LabeledTextRow<TLabel>>();
        cancellationToken.ThrowIfCancellationRequested();
        while (cursor.MoveNext())
        {
            var number = rows.Count + 1L;
            rows.Add(new(number, text(), second?.Invoke(), label(number)));
            cancellationToken.ThrowIfCancellationRequested();
        }
        return rows;
    }

    /// <summary>All texts, for building a vocabulary.</summary>
    public static IEnumerable<string> Texts<TLabel>(IEnumerable<LabeledTextRow<TLabel>> rows) => rows.SelectMany(row => row.SecondText is null ? [row.Text] : (string[])[row.Text, row.SecondText]);

    /// <summary>What the encoder reads of each row.</summary>
    public static IReadOnlyList<IReadOnlyList<TextSequence>> Sequences<TLabel>(IEnumerable<LabeledTextRow<TLabel>> rows, TextPredictor predictor) =>
        [.. rows.Select(row => predictor.Sequences(row.Text, row.SecondText))];

    /// <summary>The training examples: every window of a long text is one, with the target of its row.</summary>
    public static List<TextExample> Examples<TLabel>(IReadOnlyList<LabeledTextRow<TLabel>> rows, TextPredictor predictor, CancellationToken cancellationToken)
    {
        var examples = new List<TextExample>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var sequence in predictor.Sequences(rows[i].Text, rows[i].SecondText)) examples.Add(new(sequence, i));
        }
        return examples;
    }

    /// <summary>What a user has to know about pairs that are too long for the encoder, in full sentences; empty where none is.</summary>
    /// <param name="training">The training examples.</param>
    /// <param name="validation">What the encoder reads of the validation rows.</param>
    /// <param name="predictor">Knows how much the encoder reads.</param>
    public static IReadOnlyList<string> Warnings(IReadOnlyList<TextExample> training, IReadOnlyList<IReadOnlyList<TextSequence>> validation, TextPredictor predictor) =>
    [
        .. Shortened("training", [.. training.Select(example => example.Sequence)], predictor.MaximumLength),
        .. Shortened("validation", [.. validation.SelectMany(sequences => sequences)], predictor.MaximumLength),
    ];

    static IEnumerable<string> Shortened(string what, IReadOnlyList<TextSequence> sequences, int maximumLength)
    {
        var shortened = sequences.Where(sequence => sequence.Dropped > 0).ToList();
        if (shortened.Count > 0)
        {
            yield return TrainerErrors.Invariant(
                $"{shortened.Count} of {sequences.Count} {what} pairs are longer than {maximumLength} tokens and were shortened at the end of the longer text, by {shortened.Average(sequence => sequence.Dropped):F0} tokens on average: pairs are not read in windows. Raise MaximumLength to keep all of them.");
        }
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
}
