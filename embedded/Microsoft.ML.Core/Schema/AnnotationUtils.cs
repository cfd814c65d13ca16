using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The annotations that components agree on.</summary>
internal static class AnnotationUtils
{
    public static KeyDataViewType ScoreColumnSetIdType { get; } = new(typeof(uint), int.MaxValue);

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

    /// <summary>The highest number that an annotation of key type gives a column, and that column.</summary>
    public static uint GetMaxAnnotationKind(
        this DataViewSchema schema, out int colMax, string annotationKind, Func<DataViewSchema, int, bool> filterFunc = null)
    {
        var most = 0u;
        colMax = -1;
        foreach (var column in schema)
        {
            var isNumbered = column.Annotations.Schema.GetColumnOrNull(annotationKind)?.Type is KeyDataViewType key && key.RawType == typeof(uint);
            if (!isNumbered || filterFunc?.Invoke(schema, column.Index) == false)
            {
                continue;
            }
            var value = 0u;
            column.Annotations.GetValue(annotationKind, ref value);
            if (value > most)
            {
                (most, colMax) = (value, column.Index);
            }
        }
        return most;
    }

    /// <summary>The annotations that every score column has.</summary>
    public static IEnumerable<SchemaShape.Column> GetTrainerOutputAnnotation(bool isNormalized = false)
    {
        const SchemaShape.Column.VectorKind Scalar = SchemaShape.Column.VectorKind.Scalar;
        yield return new(Kinds.ScoreColumnSetId, Scalar, NumberDataViewType.UInt32, true);
        yield return new(Kinds.ScoreColumnKind, Scalar, TextDataViewType.Instance, false);
        yield return new(Kinds.ScoreValueKind, Scalar, TextDataViewType.Instance, false);
        if (isNormalized)
        {
            yield return new(Kinds.IsNormalized, Scalar, BooleanDataViewType.Instance, false);
        }
    }

    /// <summary>The names of the annotations.</summary>
    public static class Kinds
    {
        public const string SlotNames = "SlotNames";
        public const string KeyValues = "KeyValues";
        public const string ScoreColumnSetId = "ScoreColumnSetId";
        public const string ScoreColumnKind = "ScoreColumnKind";
        public const string ScoreValueKind = "ScoreValueKind";
        public const string IsNormalized = "IsNormalized";
        public const string IsUserVisible = "IsUserVisible";
        public const string TrainingLabelValues = "TrainingLabelValues";
        public const string CategoricalSlotRanges = "CategoricalSlotRanges";
    }

    /// <summary>The values of some of them.</summary>
    public static class Const
    {
        public static class ScoreColumnKind
        {
            public const string BinaryClassification = "BinaryClassification";
            public const string MulticlassClassification = "MulticlassClassification";
            public const string Regression = "Regression";
        }

        public static class ScoreValueKind
        {
            public const string Score = "Score";
            public const string PredictedLabel = "PredictedLabel";
            public const string Probability = "Probability";
        }
    }
}
