using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using MLPipelines.SentencePairs;

namespace MLPipelines.Host.Models;

/// <summary>Adds what a model that makes vectors says about each row: the cosine of a pair of texts, or the vector of a single text.</summary>
internal static class PairRows
{
    private enum Part
    {
        Single,
        FirstOfPair,
        SecondOfPair,
        Bad,
    }

    /// <summary>One result for each row, in order: <c>score</c> where the row has a second text, otherwise <c>vector</c>.</summary>
    /// <param name="source">The model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="settings">The fields that may hold the second text, and what happens to bad rows.</param>
    internal static IEnumerable<JsonObject> Run(EmbeddingSource source, IEnumerable<InputRow> rows, PredictSettings settings)
    {
        // The texts of a pair go through the model one after the other; results come in the order in which texts went in.
        var parts = new ConcurrentQueue<Part>();
        float[] first = [], latest = [];
        var results = RowScoring.Run(good => source.Transformer.Transform(RowScoring.Load(source.Context, good, source.TextColumn)), [source.VectorColumn], settings.Check(rows.SelectMany(row => Split(row, settings, parts))), row =>
        {
            var read = row.GetGetter<VBuffer<float>>(row.Schema[source.VectorColumn]);
            VBuffer<float> vector = default;
            return _ =>
            {
                read(ref vector);
                latest = [.. vector.DenseValues()];
            };
        });
        foreach (var fields in results)
        {
            parts.TryDequeue(out var part);
            switch (part)
            {
                case Part.FirstOfPair:
                    first = latest;
                    continue;
                case Part.SecondOfPair:
                    AddCosine(fields, first, latest);
                    break;
                case Part.Single:
                    VectorRows.Add(fields, latest);
                    break;
            }

            yield return fields;
        }
    }

    private static IEnumerable<InputRow> Split(InputRow row, PredictSettings settings, ConcurrentQueue<Part> parts)
    {
        var field = settings.SecondTextFields.FirstOrDefault(row.Fields.ContainsKey) ?? settings.GivenSecondText;
        if (row.Error is not null || field is null)
        {
            parts.Enqueue(row.Error is null ? Part.Single : Part.Bad);
            yield return row;
        }
        else if (row.Fields[field] is not JsonValue value || !value.TryGetValue<string>(out var second))
        {
            parts.Enqueue(Part.Bad);
            yield return row with { Error = $"line {row.Number}: the field \"{field}\" is {(row.Fields.ContainsKey(field) ? row.Fields[field]?.GetValueKind().ToString() ?? "null" : "missing")}, expected a string" };
        }
        else
        {
            parts.Enqueue(Part.FirstOfPair);
            yield return row with { Fields = [] };
            parts.Enqueue(Part.SecondOfPair);
            yield return row with { Text = second };
        }
    }

    private static void AddCosine(JsonObject fields, float[] first, float[] second)
    {
        var cosine = SentencePairMetrics.Cosine(first, second);
        // JSON has no word for what is not a number.
        if (double.IsFinite(cosine))
        {
            LabeledRows.Set(fields, "score", cosine);
        }
        else
        {
            fields["error"] = "the vectors are not finite";
        }
    }
}
