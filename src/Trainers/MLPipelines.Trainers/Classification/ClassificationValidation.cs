using MLPipelines.Classification;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers.Classification;

/// <summary>Validation after an epoch: the whole set, predicted as a saved model predicts.</summary>
sealed class ClassificationValidation(IReadOnlyList<IReadOnlyList<TextSequence>> texts, IReadOnlyList<int> gold, IReadOnlyList<string> classes, TextPredictor predictor)
{
    /// <summary>Scores the set; null when there are no rows.</summary>
    public ValidationMetrics? Run(CancellationToken cancellationToken)
    {
        if (texts.Count == 0) return null;
        var counter = new ClassificationCounter(classes);
        foreach (var (scores, label) in predictor.Predict(texts, cancellationToken).Zip(gold))
        {
            counter.Add(label, TextClassificationScorer.Best(scores), TextClassificationScorer.Softmax(scores)[label]);
        }
        var metrics = counter.Result();
        return new ValidationMetrics("Accuracy", metrics.Accuracy, new Dictionary<string, double>
        {
            ["Accuracy"] = metrics.Accuracy, ["MacroF1"] = metrics.MacroF1, ["LogLoss"] = metrics.LogLoss,
        })
        {
            Second = -metrics.LogLoss,
        };
    }
}
