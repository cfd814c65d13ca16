using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The annotations that components agree on.</summary>
internal static class AnnotationUtils
{
    public static VectorDataViewType GetNamesType(int size)
    {
        Contracts.CheckParam(size > 0, nameof(size), "must be known size");
        return new(TextDataViewType.Instance, size);
    }

    /// <summary>Whether each of the vector's slots has a name.</summary>
    public static bool HasSlotNames(this DataViewSchema.Column column, int vectorSize) =>
        vectorSize > 0
        && column.Annotations.Schema.GetColumnOrNull(Kinds.SlotNames)?.Type is VectorDataViewType { ItemType: TextDataViewType } names
        && names.Size == vectorSize;

    public static bool HasSlotNames(this SchemaShape.Column col) =>
        col.Kind == SchemaShape.Column.VectorKind.Vector
        && col.Annotations.TryFindColumn(Kinds.SlotNames, out var names)
        && names.Kind == SchemaShape.Column.VectorKind.Vector && !names.IsKey && names.ItemType is TextDataViewType;

    public static bool IsNormalized(this SchemaShape.Column column) =>
        column.Annotations.TryFindColumn(Kinds.IsNormalized, out var flag)
        && flag.Kind == SchemaShape.Column.VectorKind.Scalar && !flag.IsKey && flag.ItemType is BooleanDataViewType;

    /// <summary>What a normalized column carries: that it is, and the slot names of its source.</summary>
    public static DataViewSchema.Annotations OfNormalized(DataViewSchema.Column source)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue(Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        builder.Add(source.Annotations, name => name == Kinds.SlotNames);
        return builder.ToAnnotations();
    }

    /// <summary>The promise of those annotations.</summary>
    public static SchemaShape ShapeOfNormalized(SchemaShape.Column source) => new(
    [
        new(Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, isKey: false),
        .. source.Annotations.Where(annotation => annotation.Name == Kinds.SlotNames),
    ]);

    /// <summary>What the columns of one scoring carry: a number that is theirs alone in the schema, the kind of scoring, and what the column holds.</summary>
    public static DataViewSchema.Annotations OfScore(
        DataViewSchema inputSchema, string scoreColumnKind, string scoreValueKind, Action<DataViewSchema.Annotations.Builder> addMore = null)
    {
        uint set = 1 + inputSchema.Select(SetOf).DefaultIfEmpty().Max();
        var builder = new DataViewSchema.Annotations.Builder();
        addMore?.Invoke(builder);
        builder.Add(Kinds.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), (ref uint value) => value = set);
        builder.Add(Kinds.ScoreColumnKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = scoreColumnKind.AsMemory());
        builder.Add(Kinds.ScoreValueKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = scoreValueKind.AsMemory());
        return builder.ToAnnotations();
    }

    /// <summary>The promise of those annotations.</summary>
    public static SchemaShape ShapeOfScore(params IEnumerable<SchemaShape.Column> more) => new(
    [
        .. more,
        new(Kinds.ScoreColumnSetId, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
        new(Kinds.ScoreColumnKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, isKey: false),
        new(Kinds.ScoreValueKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, isKey: false),
    ]);

    private static uint SetOf(DataViewSchema.Column column)
    {
        uint set = 0;
        if (column.Annotations.Schema.GetColumnOrNull(Kinds.ScoreColumnSetId)?.Type is KeyDataViewType type && type.RawType == typeof(uint))
            column.Annotations.GetValue(Kinds.ScoreColumnSetId, ref set);
        return set;
    }

    /// <summary>The names of the annotations.</summary>
    public static class Kinds
    {
        public const string SlotNames = "SlotNames";
        public const string KeyValues = "KeyValues";
        public const string TrainingLabelValues = "TrainingLabelValues";
        public const string ScoreColumnSetId = "ScoreColumnSetId";
        public const string ScoreColumnKind = "ScoreColumnKind";
        public const string ScoreValueKind = "ScoreValueKind";
        public const string IsNormalized = "IsNormalized";
        public const string CategoricalSlotRanges = "CategoricalSlotRanges";
    }
}
