namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>Adds up the agreement of gold and predicted spans over rows; validation and <c>Evaluate</c> both count here.</summary>
sealed class SpanCounter
{
    readonly SortedDictionary<string, (long Correct, long Predicted, long Support)> counts = new(StringComparer.Ordinal);

    public void Add(IEnumerable<LabeledSpan> gold, IEnumerable<LabeledSpan> predicted)
    {
        var goldSet = gold.ToHashSet();
        var predictedSet = predicted.ToHashSet();
        foreach (var span in goldSet) Count(span, correct: 0, predicted: 0, support: 1);
        foreach (var span in predictedSet) Count(span, correct: goldSet.Contains(span) ? 1 : 0, predicted: 1, support: 0);
    }

    void Count(LabeledSpan span, long correct, long predicted, long support)
    {
        var (c, p, s) = counts.GetValueOrDefault(span.Label);
        counts[span.Label] = (c + correct, p + predicted, s + support);
    }

    public SpanExtractionMetrics Result() =>
        new(new SortedDictionary<string, SpanLabelMetrics>(
            counts.ToDictionary(c => c.Key, c => new SpanLabelMetrics(c.Value.Correct, c.Value.Predicted, c.Value.Support)), StringComparer.Ordinal));
}
