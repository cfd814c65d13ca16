using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Embeddings;

/// <summary>Finds the column in which a model puts its vectors.</summary>
public static class VectorColumn
{
    /// <summary>A column that is a vector of Single of known size.</summary>
    /// <param name="schema">What the model puts out.</param>
    /// <param name="name">Its name; null is the last such column.</param>
    /// <exception cref="ArgumentException">There is no such column; the message lists what there is.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var vectors = schema.Where(column => !column.IsHidden && column.Type is VectorDataViewType { IsKnownSize: true } type && type.ItemType == NumberDataViewType.Single).ToList();
        if (name is null) return vectors.Count > 0 ? vectors[^1] : throw Failures.NoVector(schema);
        var named = vectors.FindIndex(column => column.Name == name);
        return named >= 0 ? vectors[named] : throw Failures.NoVectorNamed(name, vectors.Select(column => column.Name));
    }

    /// <summary>The length of a column's vectors.</summary>
    /// <param name="column">What <see cref="Find"/> gave.</param>
    public static int SizeOf(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Size;
}
