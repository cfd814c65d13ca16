namespace MLPipelines.Trainers.MultiLabel;

/// <summary>Adds up how predictions agree with labels over rows; validation and <c>Evaluate</c> both count here.</summary>
sealed class MultiLabelCounter(IReadOnlyList<string> labels)
{
    const int Bins = 10;
    const double Smallest = 1e-7;

    readonly long[] correct = new long[labels.Count];
    readonly long[] predicted = new long[labels.Count];
    readonly long[] support = new long[labels.Count];
    readonly (long Count, double Probability, double Label)[] bins = new (long, double, double)[Bins];
    long rows;
    long exact;
    long wrong;
    double logLoss;
    double rankingLoss;
    double rankingPrecision;

    /// <param name="gold">The given probabilities; a label counts as true above ½.</param>
    /// <param name="scores">Raw scores; only their order counts.</param>
    /// <param name="probabilities">The reported probabilities.</param>
    /// <param name="isPredicted">Whether each label is predicted.</param>
    public void Add(ReadOnlySpan<float> gold, ReadOnlySpan<float> scores, ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> isPredicted)
    {
        rows++;
        var differences = 0;
        for (var i = 0; i < labels.Count; i++)
        {
            var isTrue = gold[i] > 0.5f;
            if (isTrue) support[i]++;
            if (isPredicted[i]) predicted[i]++;
            if (isTrue && isPredicted[i]) correct[i]++;
            if (isTrue != isPredicted[i]) differences++;
            var probability = Math.Clamp(probabilities[i], Smallest, 1 - Smallest);
            logLoss -= gold[i] * Math.Log(probability) + (1 - gold[i]) * Math.Log(1 - probability);
            ref var bin = ref bins[Math.Clamp((int)(probabilities[i] * Bins), 0, Bins - 1)];
            bin = (bin.Count + 1, bin.Probability + probabilities[i], bin.Label + gold[i]);
        }
        wrong += differences;
        if (differences == 0) exact++;
        AddRanking(gold, scores);
    }

    void AddRanking(ReadOnlySpan<float> gold, ReadOnlySpan<float> scores)
    {
        var order = new int[labels.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var keys = scores.ToArray();
        Array.Sort(keys, order); // ascending; walked from the end
        var (above, trueAbove, misplaced, precision) = (0, 0, 0.0, 0.0);
        for (var end = order.Length; end > 0;)
        {
            // Labels of equal score share the lower place.
            var begin = end - 1;
            while (begin > 0 && keys[begin - 1] == keys[end - 1]) begin--;
            var trueHere = 0;
            for (var i = begin; i < end; i++) trueHere += gold[order[i]] > 0.5f ? 1 : 0;
            (above, trueAbove) = (above + end - begin, trueAbove + trueHere);
            misplaced += (double)trueHere * (above - trueAbove);
            precision += trueHere * ((double)trueAbove / above);
            end = begin;
        }
        var isRankable = trueAbove > 0 && trueAbove < above;
        rankingLoss += isRankable ? misplaced / ((double)trueAbove * (above - trueAbove)) : 0;
        rankingPrecision += isRankable ? precision / trueAbove : 1;
    }

    public MultiLabelMetrics Result()
    {
        var perLabel = labels.Select((label, i) => (label, Metrics: new MultiLabelLabelMetrics(correct[i], predicted[i], support[i])));
        var cells = Math.Max(1, rows * labels.Count);
        return new MultiLabelMetrics(new SortedDictionary<string, MultiLabelLabelMetrics>(perLabel.ToDictionary(x => x.label, x => x.Metrics), StringComparer.Ordinal))
        {
            Rows = rows,
            SubsetAccuracy = Mean(exact),
            HammingLoss = (double)wrong / cells,
            LogLoss = logLoss / cells,
            RankingLoss = Mean(rankingLoss),
            LabelRankingAveragePrecision = Mean(rankingPrecision),
            Calibration = [.. bins.Select((bin, i) => new CalibrationBin((double)i / Bins, (double)(i + 1) / Bins, bin.Count, bin.Count == 0 ? 0 : bin.Probability / bin.Count, bin.Count == 0 ? 0 : bin.Label / bin.Count))],
        };
    }

    double Mean(double sum) => rows == 0 ? 0 : sum / rows;
}
