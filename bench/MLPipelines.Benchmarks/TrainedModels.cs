using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Persistence;
using MLPipelines.Trainers.Classification;
using MLPipelines.Trainers.MultiLabel;
using MLPipelines.Trainers.SpanExtraction;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Models that are trained on a device, validation included, and then score there and on the CPU, as fitted and as saved.</summary>
internal static class TrainedModels
{
    private static readonly string[] s_names = ["Anna", "Bert", "Carla", "Dora"];
    private static readonly string[] s_places = ["Paris", "Rome", "Oslo"];

    internal static IEnumerable<Check> Of(string device)
    {
        yield return new("span extraction, trained with R-Drop and validated", 1e-3, () => Compare(Spans, device));
        yield return new("multi-label, trained with virtual adversarial training, mixup and averaged weights", 1e-3, () => Compare(Labels, device));
        yield return new("classification of pairs, trained in bfloat16", 1e-3, () => Compare(Classes, device));
    }

    private static double Compare(Func<MLContext, string, (ITransformer Model, IDataView Data)> train, string device)
    {
        var context = new MLContext(1);
        var (model, data) = train(context, device);
        using var owner = (IDisposable)model;
        var fitted = Scores(model, data);
        return Math.Max(Loaded(device), Loaded("cpu"));

        double Loaded(string on)
        {
            var package = ((IPackable)model).Pack();
            package.Options["scoring"]!["device"] = JsonValue.Create(on);
            var loaded = LoadablePackage.Load(context, package);
            using var loadedOwner = (IDisposable)loaded;
            return Distance(Scores(loaded, data), fitted);
        }
    }

    private static float[][] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float[]>("Score")];

    private static double Distance(float[][] actual, float[][] expected)
    {
        var (a, b) = (actual.SelectMany(row => row).ToArray(), expected.SelectMany(row => row).ToArray());
        return b.Length > 0 && actual.Select(row => row.Length).SequenceEqual(expected.Select(row => row.Length)) ? Checks.Distance(tensor(a), tensor(b)) : double.NaN;
    }

    private static (ITransformer Model, IDataView Data) Spans(MLContext context, string device)
    {
        var data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(i =>
        {
            var (name, place) = (s_names[i % 4], s_places[i % 3]);
            return new SpanExtractionRow { Text = $"{name} goes to {place} today", Start = [0, name.Length + 9], End = [name.Length, name.Length + 9 + place.Length], Label = ["person", "place"] };
        }));
        return (context.SpanExtraction().Trainers.GlobalPointer(new()
        {
            Layers = 2, HiddenSize = 32, Heads = 2, Epochs = 30, BatchSize = 8, LearningRate = 5e-3, Seed = 1, MaximumLength = 16, WindowOverlap = 4, HeadSize = 16, RDrop = 0.1, ValidationData = data, Device = device,
        }).Fit(data), data);
    }

    private static (ITransformer Model, IDataView Data) Labels(MLContext context, string device)
    {
        var data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(i => new MultiLabelRow
        {
            Text = $"{s_names[i % 4]} goes to {s_places[i % 3]}", Label = i % 2 == 0 ? [s_names[i % 4], s_places[i % 3]] : [s_places[i % 3]], LabelProbability = i % 2 == 0 ? [1, 0.5f] : [1],
        }));
        return (context.MultiLabel().Trainers.RoFormer(new()
        {
            Layers = 2, HiddenSize = 32, Heads = 2, Epochs = 4, BatchSize = 8, LearningRate = 5e-3, Seed = 1, MaximumLength = 16, WindowOverlap = 4, Vat = 0.5, Regularizers = ["mixup"], AverageDecay = 0.9,
            LabelProbabilityColumn = "LabelProbability", Optimizer = "tiger", ValidationData = data, Device = device,
        }).Fit(data), data);
    }

    private static (ITransformer Model, IDataView Data) Classes(MLContext context, string device)
    {
        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(i => new ClassifiedText { Text = $"{s_names[i % 4]} goes to", SecondText = $"{s_places[i % 3]} today", Label = s_places[i % 3] }));
        var data = context.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        return (context.MulticlassClassification.Trainers.RoFormer(new()
        {
            Layers = 2, HiddenSize = 32, Heads = 2, Epochs = 4, BatchSize = 8, LearningRate = 5e-3, Seed = 1, MaximumLength = 16, WindowOverlap = 4, SecondTextColumn = "SecondText", Precision = Precision.Bfloat16,
            Optimizer = "lion", ValidationData = data, Device = device,
        }).Fit(data), data);
    }
}
