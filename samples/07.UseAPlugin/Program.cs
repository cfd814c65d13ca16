using Acme;
using Microsoft.ML;
using MLPipelines;
using MLPipelines.Trainers;

// Run it twice: `train FOLDER MODEL.zip`, and then, as another process, `score MODEL.zip`.
return args switch
{
    ["train", var folder, var file] => Train(folder, file),
    ["score", var file] => Score(file),
    _ => throw new ArgumentException("usage: train FOLDER MODEL.zip | score MODEL.zip"),
};

static int Train(string folder, string file)
{
    var ml = new MLContext(seed: 1);
    var train = ml.MultiLabel().LoadFromFile(Path.Combine(folder, "train.jsonl"));
    var valid = ml.MultiLabel().LoadFromFile(Path.Combine(folder, "valid.jsonl"));

    // A plugin's estimator is an estimator like any other; its encoder and its loss are options, by name.
    var pipeline = new AcmeTextEstimator(ml, new() { OutputColumn = "EvenText" })
        .Append(ml.MultiLabel().Trainers.RoFormer(new MultiLabelTrainer.Options
        {
            TextColumn = "EvenText",
            Architecture = "acme",
            Loss = "acme-hinge",
            Layers = 2,
            HiddenSize = 64,
            Epochs = 6,
            BatchSize = 16,
            LearningRate = 5e-3,
        }));
    using var model = pipeline.Fit(train);
    ml.Model.Save(model, train.Schema, file);
    var metrics = ml.MultiLabel().Evaluate(model.Transform(valid));
    Console.WriteLine($"micro F1 {metrics.MicroF1:0.000}");

    // A model that learned nothing fails the sample.
    return metrics.MicroF1 > 0.8 ? 0 : 1;
}

static int Score(string file)
{
    // The reference to the plugin is all that loading needs: no registration, no folder of plugins.
    var ml = new MLContext();
    var model = ml.Model.Load(file, out _);
    using var engine = ml.Model.CreatePredictionEngine<Message, Topics>(model);
    var found = engine.Predict(new Message { Text = "ｉｔ　ｒａｉｎｓ,  and we drove to the coast" });
    Console.WriteLine($"found: {string.Join(", ", found.PredictedLabel)}");
    return found.PredictedLabel.Order().SequenceEqual(["travel", "weather"]) ? 0 : 1;
}

class Message
{
    public string Text { get; set; } = "";
}

class Topics
{
    public string[] PredictedLabel { get; set; } = [];
}
