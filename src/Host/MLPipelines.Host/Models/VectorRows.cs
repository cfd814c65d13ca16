using System.Text.Json.Nodes;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Models;

/// <summary>Adds the vector of each row to its fields.</summary>
internal static class VectorRows
{
    private const string Field = "vector";

    /// <summary>One result for each row, in order.</summary>
    internal static IEnumerable<JsonObject> Run(EmbeddingSource source, IEnumerable<InputRow> rows) =>
        RowScoring.Run(good => source.Transformer.Transform(RowScoring.Load(source.Context, good, source.TextColumn)), [source.VectorColumn], rows, row =>
        {
            var read = row.GetGetter<VBuffer<float>>(row.Schema[source.VectorColumn]);
            VBuffer<float> vector = default;
            return target =>
            {
                read(ref vector);
                Add(target.Fields, [.. vector.DenseValues()]);
            };
        });

    internal static void Add(JsonObject fields, float[] vector)
    {
        LabeledRows.MoveAside(fields, Field, "input_");
        // JSON has no word for what is not a number.
        if (Array.TrueForAll(vector, float.IsFinite))
        {
            fields[Field] = JsonText.Numbers(vector);
        }
        else
        {
            fields["error"] = "the vector is not finite";
        }
    }
}
