using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Schema;
using static Microsoft.ML.SchemaShape.Column;

namespace MLPipelines.Trainers.MultiLabel;

/// <summary>A column of labels in any of the three forms: names, keys, or one probability for each label.</summary>
/// <param name="Name">The column.</param>
/// <param name="ProbabilityColumn">For names and keys: a column with a probability for each of them; null where all are certain.</param>
sealed record LabelColumn(string Name, string? ProbabilityColumn)
{
    public IEnumerable<string?> Columns => [Name, ProbabilityColumn];

    public IEnumerable<ColumnSpec> Required(string role)
    {
        yield return ColumnSpec.RequiredAny(
            Name, role,
            (TextDataViewType.Instance, VectorKind.VariableVector), (new KeyDataViewType(typeof(uint), 1), VectorKind.VariableVector), (NumberDataViewType.Single, VectorKind.Vector));
        if (ProbabilityColumn is not null) yield return ColumnSpec.Required(ProbabilityColumn, role + " probability", NumberDataViewType.Single, VectorKind.VariableVector);
    }

    /// <summary>All labels that the column's type names, in its order; null for a column of names, whose labels are those that occur.</summary>
    public IReadOnlyList<string>? Known(DataViewSchema schema)
    {
        var column = schema[Name];
        var type = (VectorDataViewType)column.Type;
        return type.ItemType switch
        {
            TextDataViewType => null,
            KeyDataViewType => KeyNames.Of(column),
            _ => Names(column, type.Size),
        };
    }

    static IReadOnlyList<string> Names(DataViewSchema.Column column, int size)
    {
        if (SlotNames.Of(column) is not { } slots) return [.. Enumerable.Range(0, size).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        var empty = slots.TakeWhile(slot => slot.Length > 0).Count();
        if (empty < slots.Count) throw TrainerErrors.SlotNames(column.Name, TrainerErrors.Invariant($"slot {empty} has none"));
        var twice = slots.CountBy(slot => slot, StringComparer.Ordinal).FirstOrDefault(slot => slot.Value > 1);
        return twice.Value > 1 ? throw TrainerErrors.SlotNames(column.Name, $"'{twice.Key}' is there more than once") : slots;
    }

    /// <summary>Makes a function that reads the labels of the row on which a cursor stands; its argument is the row's number, from 1.</summary>
    public Func<long, IReadOnlyList<GivenLabel>> CreateReader(DataViewRow row) => ((VectorDataViewType)row.Schema[Name].Type).ItemType switch
    {
        TextDataViewType => Named<ReadOnlyMemory<char>>(row, (value, number) => value.Length > 0 ? value.ToString() : throw TrainerErrors.Row("a label is empty", number, "a name", "an empty text")),
        KeyDataViewType => Keys(row),
        _ => Probabilities(row),
    };

    Func<long, IReadOnlyList<GivenLabel>> Keys(DataViewRow row)
    {
        var names = Known(row.Schema)!;
        return Named<uint>(row, (key, number) => key > 0 && key <= names.Count
            ? names[(int)key - 1]
            : throw TrainerErrors.Row("a label is missing", number, TrainerErrors.Invariant($"a key from 1 to {names.Count}"), TrainerErrors.Invariant($"{key}")));
    }

    Func<long, IReadOnlyList<GivenLabel>> Named<T>(DataViewRow row, Func<T, long, string> name)
    {
        var getLabels = row.GetGetter<VBuffer<T>>(row.Schema[Name]);
        var getProbabilities = ProbabilityColumn is null ? null : row.GetGetter<VBuffer<float>>(row.Schema[ProbabilityColumn]);
        VBuffer<T> labels = default;
        VBuffer<float> probabilities = default;
        return number =>
        {
            getLabels(ref labels);
            getProbabilities?.Invoke(ref probabilities);
            if (getProbabilities is not null && probabilities.Length != labels.Length)
            {
                throw TrainerErrors.Row(
                    $"the vectors '{Name}' and '{ProbabilityColumn}' differ in length", number, "one probability for each label",
                    TrainerErrors.Invariant($"{labels.Length} and {probabilities.Length} elements"));
            }
            var given = getProbabilities is null ? null : probabilities.DenseValues().ToArray();
            return [.. labels.DenseValues().Select((label, i) => Checked(name(label, number), given?[i] ?? 1, number))];
        };
    }

    Func<long, IReadOnlyList<GivenLabel>> Probabilities(DataViewRow row)
    {
        var names = Known(row.Schema)!;
        var get = row.GetGetter<VBuffer<float>>(row.Schema[Name]);
        VBuffer<float> values = default;
        return number =>
        {
            get(ref values);
            return [.. values.Items().Where(item => item.Value != 0).Select(item => Checked(names[item.Key], item.Value, number))];
        };
    }

    static GivenLabel Checked(string label, float probability, long number) => probability is >= 0 and <= 1
        ? new(label, probability)
        : throw TrainerErrors.Row($"the probability of the label '{label}' is out of range", number, "a number from 0 to 1", TrainerErrors.Invariant($"{probability}"));
}
