using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Models;

/// <summary>Adds the vector of each row to its fields.</summary>
internal static class VectorRows
{
    private const string Field = "vector";

    private static readonly JsonTypeInfo<float[]> s_type = (JsonTypeInfo<float[]>)JsonSerializerOptions.Default.GetTypeInfo(typeof(float[]));

    /// <summary>One result for each row, in order.</summary>
    internal static IEnumerable<JsonObject> Run(EmbeddingSource source, IEnumerable<InputRow> rows) =>
        RowScoring.Run(source.Context, source.Transformer, source.TextColumn, [source.VectorColumn], rows, row =>
        {
            var read = row.GetGetter<VBuffer<float>>(row.Schema[source.VectorColumn]);
            VBuffer<float> vector = default;
            return target =>
            {
                read(ref vector);
                Add(target.Fields, [.. vector.DenseValues()]);
            };
        });

    private static void Add(JsonObject fields, float[] vector)
    {
        if (fields.Remove(Field, out var given))
        {
            fields["input_" + Field] = given;
        }

        // JSON has no word for what is not a number.
        if (Array.TrueForAll(vector, float.IsFinite))
        {
            fields[Field] = JsonValue.Create(vector, s_type);
        }
        else
        {
            fields["error"] = "the vector is not finite";
        }
    }
}
