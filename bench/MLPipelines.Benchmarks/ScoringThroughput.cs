using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Rows a second through a saved span extractor, in batches and one row at a time.</summary>
internal static class ScoringThroughput
{
    internal static Command Command()
    {
        var model = new Argument<string>("MODEL.zip");
        var data = new Option<string>("--data") { Required = true, Description = "JSON lines with text and entities." };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("scoring", "Scoring throughput of a saved model.") { model, data, threads };
        command.SetAction(parsed =>
        {
            set_num_threads(parsed.GetValue(threads));
            var ml = new MLContext();
            var transformer = ml.Model.Load(parsed.GetRequiredValue(model), out _);
            var rows = ml.Data.CreateEnumerable<Row>(ml.SpanExtraction().LoadFromJsonLines(parsed.GetRequiredValue(data)), reuseRowObject: false, ignoreMissingColumns: true).ToList();
            var view = ml.Data.LoadFromEnumerable(rows);
            var batched = Measure.StepsPerSecond(() => Drain(transformer.Transform(view)), 5, CPU) * rows.Count;
            using var engine = ml.Model.CreatePredictionEngine<Row, Found>(transformer);
            var sample = rows.Take(200).ToList();
            var single = Measure.StepsPerSecond(() => sample.ForEach(row => engine.Predict(row)), 5, CPU) * sample.Count;
            Measure.Print(new { program = "MLPipelines scoring", rows = rows.Count, threads = get_num_threads(), transform_rows_per_second = Math.Round(batched), prediction_engine_rows_per_second = Math.Round(single) });
        });
        return command;
    }

    private static void Drain(IDataView scored)
    {
        using var cursor = scored.GetRowCursor(scored.Schema);
        var getter = cursor.GetGetter<VBuffer<int>>(scored.Schema["PredictedStart"]);
        var starts = default(VBuffer<int>);
        while (cursor.MoveNext())
        {
            getter(ref starts);
        }
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Found
    {
        public int[] PredictedStart { get; set; } = [];
    }
}
