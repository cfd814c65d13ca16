using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines;
using MLPipelines.Trainers;
using MLPipelines.Trainers.MultiLabel;

var (data, file) = args.Length == 2 ? (args[0], args[1]) : ("samples/data", "moods.zip");
var ml = new MLContext(seed: 1);

// Texts with labels and how far each applies: the columns Text, Label and LabelProbability.
var multiLabel = ml.MultiLabel();
var train = multiLabel.LoadFromFile(Path.Combine(data, "moods.train.jsonl"));
var valid = multiLabel.LoadFromFile(Path.Combine(data, "moods.valid.jsonl"));

using var model = (IDisposable)multiLabel.Trainers.RoFormer(new MultiLabelTrainer.Options
{
    LabelProbabilityColumn = "LabelProbability",
    ValidationData = valid,
    Thresholds = ThresholdTuning.PerLabel,
    Layers = 2,
    HiddenSize = 64,
    Heads = 2,
    Epochs = 12,
    LearningRate = 3e-3,
    Progress = step => { if (step.IsEpochEnd) Console.WriteLine($"epoch {step.Epoch}/{step.Epochs}  loss {step.Loss:0.000}  micro F1 {step.Validation!.Value:0.000}"); },
}).Fit(train);

var scored = ((ITransformer)model).Transform(valid);
var metrics = multiLabel.Evaluate(scored, labelProbabilityColumn: "LabelProbability");
Console.WriteLine($"micro F1 {metrics.MicroF1:0.000}  macro F1 {metrics.MacroF1:0.000}  log loss {metrics.LogLoss:0.000}");

// Where probabilities are calibrated, the two numbers of a line agree.
foreach (var bin in metrics.Calibration.Where(bin => bin.Count > 0))
{
    Console.WriteLine($"  predicted {bin.MeanProbability:0.00}  given {bin.MeanLabel:0.00}  ({bin.Count} labels)");
}

ml.Model.Save((ITransformer)model, train.Schema, file);
using var engine = ml.Model.CreatePredictionEngine<Message, Moods>(ml.Model.Load(file, out _));
var found = engine.Predict(new Message { Text = "Mia: I cannot believe it, best news of the year" });
Console.WriteLine($"found: {string.Join(", ", found.PredictedLabel)}");

// A model that learned nothing fails the sample.
return metrics.MicroF1 > 0.8 ? 0 : 1;

class Message
{
    public string Text { get; set; } = "";
}

class Moods
{
    public string[] PredictedLabel { get; set; } = [];
}
