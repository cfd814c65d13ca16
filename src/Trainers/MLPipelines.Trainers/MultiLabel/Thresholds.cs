namespace MLPipelines.Trainers.MultiLabel;

/// <summary>Finds the scores above which predicting gives the best F1.</summary>
static class Thresholds
{
    /// <param name="tuning">What is tuned.</param>
    /// <param name="scores">Raw scores of the validation rows.</param>
    /// <param name="gold">The labels that are true for each.</param>
    /// <param name="labels">The number of labels.</param>
    /// <returns>One threshold for each label; empty for 0 everywhere.</returns>
    public static double[] Tune(ThresholdTuning tuning, IReadOnlyList<float[]> scores, IReadOnlyList<IReadOnlySet<int>> gold, int labels) => tuning switch
    {
        ThresholdTuning.Shared => [.. Enumerable.Repeat(Best(scores.SelectMany((row, i) => row.Select((score, label) => (score, gold[i].Contains(label))))), labels)],
        ThresholdTuning.PerLabel => [.. Enumerable.Range(0, labels).Select(label => Best(scores.Select((row, i) => (row[label], gold[i].Contains(label)))))],
        _ => [],
    };

    /// <summary>The middle of the gap below the last score that should be predicted; 0 where no label is true.</summary>
    static double Best(IEnumerable<(float Score, bool IsTrue)> pairs)
    {
        var ordered = pairs.OrderByDescending(pair => pair.Score).ToArray();
        var all = ordered.LongCount(pair => pair.IsTrue);
        var (best, threshold, correct) = (0.0, 0.0, 0L);
        for (var i = 0; i < ordered.Length && all > 0; i++)
        {
            if (ordered[i].IsTrue) correct++;
            var next = i + 1 < ordered.Length ? ordered[i + 1].Score : ordered[i].Score - 1;
            var f1 = 2.0 * correct / (i + 1 + all);
            // A cut between equal scores is none.
            if (f1 > best && next < ordered[i].Score) (best, threshold) = (f1, ((double)ordered[i].Score + next) / 2);
        }
        return threshold;
    }
}
