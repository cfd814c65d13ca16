using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.SentencePairs;
using MLPipelines.Trainers.SentencePairs;
using Spectre.Console;

namespace MLPipelines.Host.Models;

/// <summary>Sentence pairs scored by models that make vectors of texts: shared by <c>mlp evaluate</c> and <c>mlp whiten</c>.</summary>
internal static class PairScoring
{
    /// <summary>Metrics of a model on a file of pairs.</summary>
    internal static Evaluation Evaluate(LoadedModel model, string dataFile, DataSettings data)
    {
        var source = EmbeddingSource.Of(model);
        var pairs = PairFile.Read(dataFile, data.Format);
        return Report(model.Context.SentencePairs().Evaluate(Embed(source, pairs)));
    }

    /// <summary>The vectors of both sentences and the scores, as data with the columns First, Second and Score. Both sentences go through the model in one pass.</summary>
    internal static IDataView Embed(EmbeddingSource source, IReadOnlyList<SentencePairRow> pairs)
    {
        var scored = source.Transformer.Transform(RowScoring.Load(source.Context, source.TextColumn, pairs.SelectMany(pair => new[] { pair.Text, pair.SecondText }).Select(text => new RowScoring.TextRow { Text = text })));
        var vectors = new List<float[]>(2 * pairs.Count);
        var column = scored.Schema[source.VectorColumn];
        using (var cursor = scored.GetRowCursor([column]))
        {
            var read = cursor.GetGetter<VBuffer<float>>(column);
            VBuffer<float> vector = default;
            while (cursor.MoveNext())
            {
                read(ref vector);
                vectors.Add([.. vector.DenseValues()]);
            }
        }

        var definition = SchemaDefinition.Create(typeof(PairRow));
        definition[nameof(PairRow.First)].ColumnType = definition[nameof(PairRow.Second)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, source.Size);
        return source.Context.Data.LoadFromEnumerable(pairs.Select((pair, i) => new PairRow { First = vectors[2 * i], Second = vectors[(2 * i) + 1], Score = pair.Score }), definition);
    }

    internal static Evaluation Report(SentencePairMetrics metrics)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("Spearman").AddColumn("Pearson").AddColumn("pairs");
        table.AddRow(LabeledRows.Fixed(metrics.Spearman), LabeledRows.Fixed(metrics.Pearson), $"{metrics.Count}");
        return new Evaluation(new JsonObject { ["spearman"] = Number(metrics.Spearman), ["pearson"] = Number(metrics.Pearson), ["support"] = metrics.Count }, table);
    }

    /// <summary>JSON has no word for what is not a number.</summary>
    internal static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private sealed class PairRow
    {
        public float[] First { get; set; } = [];

        public float[] Second { get; set; } = [];

        public float Score { get; set; }
    }
}
