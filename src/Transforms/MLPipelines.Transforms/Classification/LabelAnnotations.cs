using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Classification;

/// <summary>The annotations by which ML.NET knows what the slots of a vector, or the values of a key, are called.</summary>
static class LabelAnnotations
{
    /// <summary>Names of the slots of a vector that has one slot for each label.</summary>
    public static DataViewSchema.Annotations SlotNames(IReadOnlyList<string> labels, string? scoreKind = null, string? valueKind = null)
        => Make(builder => AddNames(builder, "SlotNames", labels), scoreKind, valueKind);

    /// <summary>Values of a key that counts the labels: their names, unless an array says otherwise.</summary>
    public static DataViewSchema.Annotations KeyValues(IReadOnlyList<string> labels, Array? values, string? scoreKind = null, string? valueKind = null) => Make(
        builder =>
        {
            if (values is null) AddNames(builder, "KeyValues", labels);
            else Classification.KeyValues.Add(builder, values);
        },
        scoreKind,
        valueKind);

    static void AddNames(DataViewSchema.Annotations.Builder builder, string kind, IReadOnlyList<string> labels)
    {
        var names = labels.Select(label => label.AsMemory()).ToArray();
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value);
        builder.Add(kind, new VectorDataViewType(TextDataViewType.Instance, names.Length), get);
    }

    static DataViewSchema.Annotations Make(Action<DataViewSchema.Annotations.Builder> add, string? scoreKind, string? valueKind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        add(builder);
        if (scoreKind is not null) builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, scoreKind.AsMemory());
        if (valueKind is not null) builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, valueKind.AsMemory());
        return builder.ToAnnotations();
    }
}
