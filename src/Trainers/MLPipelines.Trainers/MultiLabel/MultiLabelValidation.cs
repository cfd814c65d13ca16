using MLPipelines.Classification;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers.MultiLabel;

/// <summary>Validation after an epoch: the whole set, predicted as a saved model predicts, counted as <c>Evaluate</c> counts; and the tuning of thresholds.</summary>
sealed class MultiLabelValidation(
    IReadOnlyList<IReadOnlyList<TextSequence>> texts, IReadOnlyList<(int Label, float Probability)[]> gold, LabelSet labels, TextPredictor predictor, ThresholdTuning tuning, double probabilityScale)
{
    /// <summary>Scores the set; null when there are no rows.</summary>
    public ValidationMetrics? Run(CancellationToken cancellationToken)
    {
        if (texts.Count == 0) return null;
        var scores = predictor.Predict(texts, cancellationToken);
        var thresholds = Thresholds.Tune(tuning, scores, Gold, labels.Count);
        var counter = new MultiLabelCounter(labels.Names);
        for (var i = 0; i < scores.Length; i++)
        {
            var row = scores[i];
            var isPredicted = row.Select((score, label) => score > (thresholds.Length == 0 ? 0 : thresholds[label])).ToArray();
            counter.Add(labels.Dense(gold[i]), row, Array.ConvertAll(row, score => MultiLabelScorer.Probability(score, probabilityScale)), isPredicted);
        }
        var metrics = counter.Result();
        return new ValidationMetrics("MicroF1", metrics.MicroF1, new Dictionary<string, double>
        {
            ["MicroF1"] = metrics.MicroF1, ["MacroF1"] = metrics.MacroF1, ["SubsetAccuracy"] = metrics.SubsetAccuracy, ["LogLoss"] = metrics.LogLoss,
        })
        {
            Second = -metrics.LogLoss,
        };
    }

    IReadOnlyList<HashSet<int>> Gold => [.. gold.Select(row => row.Where(place => place.Probability > 0.5f).Select(place => place.Label).ToHashSet())];

    /// <summary>The thresholds that are best for the set with the weights as they are now; empty for 0 everywhere.</summary>
    public IReadOnlyList<double> TuneThresholds(CancellationToken cancellationToken) =>
        tuning == ThresholdTuning.Zero ? [] : Thresholds.Tune(tuning, predictor.Predict(texts, cancellationToken), Gold, labels.Count);
}
