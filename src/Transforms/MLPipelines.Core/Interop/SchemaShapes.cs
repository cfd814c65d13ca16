using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Interop;

/// <summary>What ML.NET keeps to itself about <see cref="SchemaShape"/>: making one, and comparing columns.</summary>
public static class SchemaShapes
{
    /// <summary>The shape of a schema: its visible columns.</summary>
    /// <param name="schema">The schema.</param>
    public static SchemaShape Of(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return SchemaShape.Create(schema);
    }

    /// <summary>A column of an exact type.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="type">Its type: scalar, key or vector.</param>
    /// <param name="annotations">Its annotations.</param>
    public static SchemaShape.Column Column(string name, DataViewType type, DataViewSchema.Annotations? annotations = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        SchemaShape.GetColumnTypeShape(type, out var kind, out var itemType, out var isKey);
        return Column(name, kind, itemType, isKey, annotations is null ? null : Of(annotations.Schema));
    }

    /// <summary>A column.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="kind">Scalar, vector of known size, or vector of any size.</param>
    /// <param name="itemType">The type of a value, or of a vector's items; for a key, the type that represents it.</param>
    /// <param name="isKey">Whether it is a key.</param>
    /// <param name="annotations">Its annotations.</param>
    public static SchemaShape.Column Column(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey = false, SchemaShape? annotations = null)
        => new(name, kind, itemType, isKey, annotations);

    /// <summary>Whether a column satisfies a requirement, as ML.NET's estimator chains see it.</summary>
    /// <param name="requirement">The column required.</param>
    /// <param name="column">The column that is there.</param>
    public static bool IsCompatible(SchemaShape.Column requirement, SchemaShape.Column column) => requirement.IsCompatibleWith(column);

    /// <summary>The type of a column in words, for example <c>VarVector&lt;Int32&gt;</c>.</summary>
    /// <param name="column">The column.</param>
    public static string Describe(SchemaShape.Column column) => column.GetTypeString();
}
