using MLPipelines.Spans;
using MLPipelines.Tokenizers;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>Validation after an epoch: the whole set, predicted as a saved model predicts, counted as <c>Evaluate</c> counts.</summary>
static class SpanValidation
{
    /// <summary>Tokenizes the rows once.</summary>
    /// <returns>The validation; gives null when there are no rows.</returns>
    public static Func<CancellationToken, ValidationMetrics?> Create(IReadOnlyList<GoldRow> rows, ITextTokenizer tokenizer, SpanPredictor predictor)
    {
        if (rows.Count == 0) return _ => null;
        TokenizedText[] texts = [.. rows.Select(row => tokenizer.Tokenize(row.Text))];
        return cancellationToken =>
        {
            var counter = new SpanCounter();
            foreach (var (row, spans) in rows.Zip(predictor.Predict(texts, cancellationToken)))
            {
                counter.Add(row.Spans, spans.Select(s => new LabeledSpan(s.Start, s.End, s.Label)));
            }
            var metrics = counter.Result();
            return new ValidationMetrics("F1", metrics.F1, new Dictionary<string, double>
            {
                ["F1"] = metrics.F1, ["Precision"] = metrics.Precision, ["Recall"] = metrics.Recall,
            });
        };
    }
}
