using Microsoft.ML;
using MLPipelines;
using MLPipelines.Trainers;

var (data, file) = args.Length == 2 ? (args[0], args[1]) : ("samples/data", "ner.zip");
var ml = new MLContext(seed: 1);

// Texts with spans: the columns Text, Start, End and Label. Any IDataView with such columns will do.
var spans = ml.SpanExtraction();
var train = spans.LoadFromJsonLines(Path.Combine(data, "train.jsonl"));
var valid = spans.LoadFromJsonLines(Path.Combine(data, "valid.jsonl"));

// An ordinary ML.NET pipeline: a stock transform, then ours.
var pipeline = ml.Transforms.CopyColumns("Sentence", "Text")
    .Append(spans.Trainers.GlobalPointer(new GlobalPointerTrainer.Options
    {
        TextColumn = "Sentence",
        Layers = 2,
        HiddenSize = 128,
        Heads = 4,
        Epochs = 6,
        LearningRate = 2e-3,
        Progress = step => { if (step.IsEpochEnd) Console.WriteLine($"epoch {step.Epoch}/{step.Epochs}  loss {step.Loss:0.000}"); },
    }));

using var model = pipeline.Fit(train);

var metrics = spans.Evaluate(model.Transform(valid));
Console.WriteLine($"precision {metrics.Precision:0.000}  recall {metrics.Recall:0.000}  F1 {metrics.F1:0.000}");
foreach (var (label, values) in metrics.PerLabel)
{
    Console.WriteLine($"  {label,-14}F1 {values.F1:0.000}  ({values.Support} spans)");
}

ml.Model.Save(model, train.Schema, file);
Console.WriteLine($"saved {file}");

// A model that learned nothing fails the sample.
return metrics.F1 > 0.8 ? 0 : 1;
