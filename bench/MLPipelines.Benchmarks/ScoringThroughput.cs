using System.CommandLine;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Scoring;
using MLPipelines.Spans;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Rows a second through a saved span extractor, in batches and one row at a time.</summary>
internal static class ScoringThroughput
{
    internal static Command Command()
    {
        var model = new Argument<string?>("MODEL.zip") { Arity = ArgumentArity.ZeroOrOne, Description = "A saved model; without it, random weights (4 layers of width 256) that find nothing." };
        var vocabulary = new Option<string?>("--vocab") { Description = "The vocabulary for random weights." };
        var labels = new Option<int>("--labels") { DefaultValueFactory = _ => 3, Description = "The number of entity types for random weights." };
        var data = new Option<string>("--data") { Required = true, Description = "JSON lines with text and entities." };
        var lengths = new Option<string?>("--lengths") { Description = "Where to write the length of each row in tokens, for bench/peer_scoring.py; needs --vocab." };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("scoring", "Scoring throughput of a saved model.") { model, vocabulary, labels, data, lengths, threads };
        command.SetAction(parsed =>
        {
            set_num_threads(parsed.GetValue(threads));
            var ml = new MLContext();
            var transformer = parsed.GetValue(model) is { } saved ? ml.Model.Load(saved, out _) : Random(parsed.GetValue(vocabulary)!, parsed.GetValue(labels));
            var rows = ml.Data.CreateEnumerable<Row>(ml.SpanExtraction().LoadFromJsonLines(parsed.GetRequiredValue(data)), reuseRowObject: false, ignoreMissingColumns: true).ToList();
            if (parsed.GetValue(lengths) is { } file)
            {
                var tokenizer = WordPieceTextTokenizer.FromFile(parsed.GetValue(vocabulary)!);
                File.WriteAllText(file, JsonSerializer.Serialize(rows.Select(row => tokenizer.Tokenize(row.Text).Count + 2)));
            }

            var view = ml.Data.LoadFromEnumerable(rows);
            var batched = Measure.Steps(() => Drain(transformer.Transform(view)), 5, CPU);
            using var engine = ml.Model.CreatePredictionEngine<Row, Found>(transformer);
            var sample = rows.Take(200).ToList();
            var single = Measure.StepsPerSecond(() => sample.ForEach(row => engine.Predict(row)), 5, CPU) * sample.Count;
            Measure.Print(new { program = "MLPipelines scoring", rows = rows.Count, threads = get_num_threads(), transform_rows_per_second = Math.Round(batched.PerSecond * rows.Count), transform_rows_per_processor_second = Math.Round(batched.PerProcessorSecond * rows.Count), prediction_engine_rows_per_second = Math.Round(single) });
        });
        return command;
    }

    private static BatchedTransformer<SpanRow> Random(string vocabulary, int labels)
    {
        using var generator = new Generator(1);
        var tokenizer = WordPieceTextTokenizer.FromFile(vocabulary);
        var encoder = new RoFormerEncoder(new() { VocabularySize = tokenizer.Vocabulary.Count, Layers = 4, HiddenSize = 256, Heads = 4 }, generator);
        var model = new SpanExtractionModel(encoder, new GlobalPointerHead(256, labels, encoder.MaximumLength, new(), generator));
        var names = Enumerable.Range(0, labels).Select(label => "label" + label);
        return new(new SpanExtractionScorer(tokenizer, model, [.. names], new() { Prediction = new() { Threshold = 1e6f } }));
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
