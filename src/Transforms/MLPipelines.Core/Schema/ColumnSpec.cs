using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Interop;

namespace MLPipelines.Schema;

/// <summary>One column that a component needs or produces.</summary>
public sealed record ColumnSpec
{
    ColumnSpec(string name, string role, SchemaShape.Column shape, DataViewType? type, DataViewSchema.Annotations? annotations)
        => (Name, Role, Shape, ProducedType, Annotations) = (name, role, shape, type, annotations);

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>What the column is for, for messages: <c>text</c>, <c>label</c>; <c>output</c> for a produced column.</summary>
    public string Role { get; }

    /// <summary>The column as ML.NET's schema propagation sees it.</summary>
    public SchemaShape.Column Shape { get; }

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
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(role);
        var shape = SchemaShapes.Column(name, itemType);
        if (itemType is not VectorDataViewType) shape = SchemaShapes.Column(name, kind, shape.ItemType, shape.IsKey);
        return new(name, role, shape, type: null, annotations: null) { RequiredSize = (itemType as VectorDataViewType)?.Size ?? 0 };
    }

    /// <summary>A column that the component adds. It hides an input column of the same name.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="type">Its exact type.</param>
    /// <param name="annotations">Its annotations, for example slot names.</param>
    public static ColumnSpec Produced(string name, DataViewType type, DataViewSchema.Annotations? annotations = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(name, "output", SchemaShapes.Column(name, type, annotations), type, annotations);
    }

    /// <summary>Whether a column that is there satisfies this requirement.</summary>
    internal bool IsSatisfiedBy(SchemaShape.Column column)
        => column.ItemType.Equals(Shape.ItemType)
        && column.IsKey == Shape.IsKey
        && (column.Kind == Shape.Kind || (Shape.Kind is SchemaShape.Column.VectorKind.VariableVector && column.Kind is SchemaShape.Column.VectorKind.Vector));

    /// <summary>Whether the size of a vector that is there satisfies this requirement; shapes do not know sizes.</summary>
    internal bool FitsSize(DataViewType type) => RequiredSize == 0 || (type is VectorDataViewType vector && vector.Size == RequiredSize);
}
