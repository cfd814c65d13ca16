using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>The rows without labels of a training run, as the encoder reads them.</summary>
/// <param name="sequences">One or more for each row.</param>
/// <param name="padding">The id of padding.</param>
/// <param name="device">Where batches are made.</param>
sealed class UnlabeledRows(IReadOnlyList<TextSequence> sequences, int padding, Device device)
{
    /// <summary>Tokens of each sequence.</summary>
    public IReadOnlyList<int> Lengths { get; } = [.. sequences.Select(sequence => sequence.Length)];

    /// <summary>A batch without targets.</summary>
    public TrainingBatch CreateBatch(IReadOnlyList<int> rows)
    {
        var input = TextSequences.ToBatch([.. rows.Select(row => sequences[row])], padding, device);
        return new TrainingBatch(input, empty(0), rows.Count, rows.Sum(row => Lengths[row]));
    }

    /// <summary>Reads texts, or pairs of texts where a second column is given. No data give no rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is no text.</exception>
    public static List<(string Text, string? Second)> Read(IDataView? data, string textColumn, string? secondColumn, CancellationToken cancellationToken)
    {
        var rows = new List<(string, string?)>();
        if (data is null) return rows;
        string[] columns = secondColumn is null ? [textColumn] : [textColumn, secondColumn];
        new SchemaContract([.. columns.Select(column => ColumnSpec.Required(column, "text without label", TextDataViewType.Instance))]).Check(data.Schema);
        using var cursor = data.GetRowCursor(columns.Select(column => data.Schema[column]));
        var getters = columns.Select(column => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema[column])).ToList();
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add((Value(getters[0]), secondColumn is null ? null : Value(getters[1])));
        }
        return rows;
    }

    static string Value(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        ReadOnlyMemory<char> value = default;
        getter(ref value);
        return value.ToString();
    }
}
