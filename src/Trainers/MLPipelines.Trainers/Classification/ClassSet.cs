using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Schema;

namespace MLPipelines.Trainers.Classification;

/// <summary>The classes of a model in the order of its scores: the key values of the training data's label column.</summary>
sealed class ClassSet(IReadOnlyList<string> names)
{
    readonly Dictionary<string, int> indices = names.Select((name, index) => (name, index)).GroupBy(x => x.name, StringComparer.Ordinal).ToDictionary(x => x.Key, x => x.First().index, StringComparer.Ordinal);

    public IReadOnlyList<string> Names => names;

    public int Count => names.Count;

    /// <summary>A name that two classes share; null where there is none.</summary>
    public string? Twice => names.Count == indices.Count ? null : names.GroupBy(name => name, StringComparer.Ordinal).First(group => group.Count() > 1).Key;

    public int? IndexOf(string name) => indices.TryGetValue(name, out var index) ? index : null;

    /// <summary>Makes a function that reads the class of the row on which a cursor stands, from a key or a text; its argument is the row's number, from 1.</summary>
    /// <remarks>Classes are matched by name, so validation data may have their keys in another order.</remarks>
    /// <param name="row">The cursor.</param>
    /// <param name="column">The column with the class.</param>
    /// <param name="data">What the rows are, for messages; null where there are no others.</param>
    /// <exception cref="Components.DataFormatException">From the function: the row has no class, or one that the training data's column does not have.</exception>
    public Func<long, int> CreateReader(DataViewRow row, string column, string? data = null)
    {
        var name = row.Schema[column].Type is KeyDataViewType ? Key(row, column) : Text(row, column);
        return number =>
        {
            var label = name(number);
            return IndexOf(label) ?? throw TrainerErrors.UnknownLabel(label, number, names, data);
        };
    }

    static Func<long, string> Key(DataViewRow row, string column)
    {
        var keys = KeyNames.Of(row.Schema[column]);
        var get = row.GetGetter<uint>(row.Schema[column]);
        uint key = 0;
        return number =>
        {
            get(ref key);
            return key > 0 && key <= keys.Count ? keys[(int)key - 1] : throw TrainerErrors.Row(
                "the label is missing", number, TrainerErrors.Invariant($"a key from 1 to {keys.Count} in the column '{column}'"), key == 0 ? "a missing key" : TrainerErrors.Invariant($"{key}"));
        };
    }

    static Func<long, string> Text(DataViewRow row, string column)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[column]);
        ReadOnlyMemory<char> text = default;
        return number =>
        {
            get(ref text);
            return text.Length > 0 ? text.ToString() : throw TrainerErrors.Row("the label is missing", number, $"a text in the column '{column}'", "an empty text");
        };
    }
}
