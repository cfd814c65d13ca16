using Microsoft.Extensions.AI;
using Microsoft.ML;
using MLPipelines;
using MLPipelines.SentencePairs;
using MLPipelines.Trainers;

var (data, file) = args.Length == 2 ? (args[0], args[1]) : ("samples/data", "similarity.zip");
var ml = new MLContext(seed: 1);

// Pairs of texts with how similar they are: the columns Text, SecondText and Score.
var train = ml.SentencePairs().LoadFromFile(Path.Combine(data, "pairs.train.jsonl"));
var valid = ml.SentencePairs().LoadFromFile(Path.Combine(data, "pairs.valid.jsonl"));

using var model = ml.SentencePairs().Trainers.RoFormer(new SentencePairTrainer.Options
{
    ValidationData = valid,
    Normalize = true,
    Layers = 2,
    HiddenSize = 64,
    Heads = 2,
    Epochs = 12,
    LearningRate = 2e-3,
    Progress = step => { if (step.IsEpochEnd) Console.WriteLine($"epoch {step.Epoch}/{step.Epochs}  loss {step.Loss:0.000}  Spearman {step.Validation!.Value:0.000}"); },
}).Fit(train);

var metrics = ml.SentencePairs().Evaluate(model, valid);
Console.WriteLine($"Spearman {metrics.Spearman:0.000}  Pearson {metrics.Pearson:0.000}");
ml.Model.Save(model, train.Schema, file);

// The model makes a vector of one text; here it finds the question that is most like another one.
using var generator = ml.Model.Load(file, out _).AsEmbeddingGenerator();
string[] known = ["how much is the tea set", "where can I find the tea set", "can I return the tea set", "台灯多少钱"];
var vectors = await generator.GenerateAsync(known);
var asked = (await generator.GenerateAsync(["what does the tea set cost"]))[0].Vector;
var nearest = known.Zip(vectors, (text, vector) => (Text: text, Cosine: SentencePairMetrics.Cosine(asked.Span, vector.Vector.Span))).MaxBy(found => found.Cosine);
Console.WriteLine($"nearest: {nearest.Text} ({nearest.Cosine:0.00})");

// A model that learned nothing fails the sample.
return metrics.Spearman > 0.8 ? 0 : 1;
