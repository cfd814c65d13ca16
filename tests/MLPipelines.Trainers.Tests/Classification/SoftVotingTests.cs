using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Testing;
using MLPipelines.Trainers.Classification;
using Xunit;

namespace MLPipelines.Trainers.Tests.Classification;

[Collection(ContractCollection.Name)]
public sealed class SoftVotingTests
{
    readonly MLContext ml = new(1);

    sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    [Fact]
    public void Two_encoders_and_a_linear_trainer_of_ML_NET_vote_in_one_pipeline_that_is_saved_as_one_model()
    {
        var options = TextClassificationTrainerTests.Tiny with { HiddenSize = 32, Epochs = 25, Dropout = 0 };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.RoFormer(options with { VocabularySize = 60 })).Append(ml.Transforms.CopyColumns("Fine", "Score"))
            .Append(ml.MulticlassClassification.Trainers.RoFormer(options with { VocabularySize = 200, Seed = 2 })).Append(ml.Transforms.CopyColumns("Coarse", "Score"))
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Coarse"))
            .Append(ml.Transforms.SoftVoting(["Fine", "Coarse", "Score"], new() { Weights = [2, 2, 1] }));
        var data = ml.Data.LoadFromEnumerable(Orders.Rows(24));
        using var model = pipeline.Fit(data);
        var scored = model.Transform(data);
        var (theirs, ours) = (ml.MulticlassClassification.Evaluate(scored), ml.MulticlassClassification.EvaluatePerClass(scored));
        Assert.Equal((1.0, 1.0), (theirs.MicroAccuracy, ours.Accuracy));
        Assert.Equal(theirs.LogLoss, ours.LogLoss, 1e-9);
        Assert.Equal(["ask", "play", "stop"], ours.PerLabel.Keys);

        // Each classifier alone, from the columns that they left.
        var linear = model.Take(6).Aggregate(data, (rows, step) => step.Transform(rows));
        var votes = linear.GetColumn<float[]>("Fine").Zip(linear.GetColumn<float[]>("Coarse"), linear.GetColumn<float[]>("Score")).ToList();
        Assert.All(scored.GetColumn<float[]>("Score").Zip(votes), row =>
        {
            var (mean, (fine, coarse, last)) = row;
            for (var i = 0; i < 3; i++) Assert.Equal((2 * fine[i] + 2 * coarse[i] + last[i]) / 5, mean[i], 1e-5f);
        });
        Assert.Contains(votes, vote => vote.First[0] != vote.Second[0]);

        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        var loaded = ml.Model.Load(file, out _).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored));
        using var engine = ml.Model.CreatePredictionEngine<ClassifiedText, Answer>(loaded);
        var expected = scored.GetColumn<float[]>("Score").ToList();
        foreach (var (i, row) in Orders.Rows(24).Index())
        {
            var answer = engine.Predict(row);
            Assert.Equal(row.Label, answer.PredictedLabel);
            Assert.All(answer.Score.Zip(expected[i]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        }
    }
}
