using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal static class DataViewConstructionUtils
{
    /// <summary>The definition of <typeparamref name="TRow"/> with types and annotations taken from a schema that names its members.</summary>
    public static SchemaDefinition GetSchemaDefinition<TRow>(IHostEnvironment env, DataViewSchema schema)
    {
        env.CheckValue(schema, nameof(schema));
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var known = definition[column.Name] ?? throw env.Except($"Type should contain a member named {column.Name}");
            known.ColumnType = column.Type;
            known.CopyAnnotations(column.Annotations);
        }
        return definition;
    }
}
