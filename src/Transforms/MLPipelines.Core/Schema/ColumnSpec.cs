using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Interop;

namespace MLPipelines.Schema;

/// <summary>One column that a component needs or produces.</summary>
public sealed record ColumnSpec
{
    readonly IReadOnlyList<SchemaShape.Column> _shapes;

    ColumnSpec(string name, string role, IReadOnlyList<SchemaShape.Column> shapes, DataViewType? type, DataViewSchema.Annotations? annotations)
        => (Name, Role, _shapes, ProducedType, Annotations) = (name, role, shapes, type, annotations);

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>What the column is for, for messages: <c>text</c>, <c>label</c>; <c>output</c> for a produced column.</summary>
    public string Role { get; }

    /// <summary>The column as ML.NET's schema propagation sees it; where several types will do, the first.</summary>
    public SchemaShape.Column Shape => _shapes[0];

    /// <summary>The types that will do, in words.</summary>
    internal string Expected => string.Join(" or ", _shapes.Select(SchemaShapes.Describe));

    /// <summary>The exact type of a produced column; null for a required one.</summary>
    public DataViewType? ProducedType { get; }

    /// <summary>The annotations of a produced column.</summary>
    public DataViewSchema.Annotations? Annotations { get; }

    /// <summary>How many slots a required vector must have; 0 when any number will do.</summary>
    public int RequiredSize { get; private init; }

    /// <summary>True for a column that the component adds; false for one that it needs.</summary>
    public bool IsProduced => ProducedType is not null;

    /// <summary>A column that has to be there.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="role">What the column is for: a word or two for messages.</param>
    /// <param name="itemType">
    /// The type of a value, or of a vector's items. A vector type says everything, its size included if it is known; <paramref name="kind"/> is then ignored.
    /// </param>
    /// <param name="kind">
    /// Scalar (the default), a vector of known size, or a vector of any size. A vector of known size satisfies the last one too.
    /// </param>
    public static ColumnSpec Required(
        string name, string role, DataViewType itemType, SchemaShape.Column.VectorKind kind = SchemaShape.Column.VectorKind.Scalar)
    {
        return RequiredAny(name, role, (itemType, kind)) with { RequiredSize = (itemType as VectorDataViewType)?.Size ?? 0 };
    }

    /// <summary>A column that has to be there and may have one of several types.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="role">What the column is for: a word or two for messages.</param>
    /// <param name="types">The types, at least one, each as in <see cref="Required"/>.</param>
    public static ColumnSpec RequiredAny(string name, string role, params IReadOnlyList<(DataViewType ItemType, SchemaShape.Column.VectorKind Kind)> types)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(role);
        ArgumentNullException.ThrowIfNull(types);
        return new(name, role, [.. types.Select(type => ShapeOf(name, type.ItemType, type.Kind))], type: null, annotations: null);
    }

    static SchemaShape.Column ShapeOf(string name, DataViewType itemType, SchemaShape.Column.VectorKind kind)
    {
        var shape = SchemaShapes.Column(name, itemType);
        return itemType is VectorDataViewType ? shape : SchemaShapes.Column(name, kind, shape.ItemType, shape.IsKey);
    }

    /// <summary>A column that the component adds. It hides an input column of the same name.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="type">Its exact type.</param>
    /// <param name="annotations">Its annotations, for example slot names.</param>
    public static ColumnSpec Produced(string name, DataViewType type, DataViewSchema.Annotations? annotations = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(name, "output", [SchemaShapes.Column(name, type, annotations)], type, annotations);
    }

    /// <summary>Whether the size of a vector that is there satisfies this requirement; shapes do not know sizes.</summary>
    internal bool FitsSize(DataViewType type) => RequiredSize == 0 || (type is VectorDataViewType vector && vector.Size == RequiredSize);

    /// <summary>Whether a column that is there satisfies this requirement.</summary>
    internal bool IsSatisfiedBy(SchemaShape.Column column) => _shapes.Any(shape =>
        column.ItemType.Equals(shape.ItemType)
        && column.IsKey == shape.IsKey
        && (column.Kind == shape.Kind || (shape.Kind is SchemaShape.Column.VectorKind.VariableVector && column.Kind is SchemaShape.Column.VectorKind.Vector)));
}
