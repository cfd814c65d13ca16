using MLPipelines.Scoring;
using MLPipelines.Spans;
using MLPipelines.Tokenizers;
using MLPipelines.Trainers.Divergences;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>Span extraction for the training loop: the cells of the table (label, first token, last token) that are gold against all others.</summary>
sealed class SpanExtractionTask(
    SpanExtractionModel model, ILoss loss, IReadOnlyList<SpanExample> examples, ITextTokenizer tokenizer, int labels, Device device,
    IReadOnlyList<TextSequence> unlabeled, Func<CancellationToken, ValidationMetrics?> validate) : IUnlabeledTask
{
    readonly UnlabeledRows unlabeledRows = new(unlabeled, tokenizer.PadId, device);
    static readonly SigmoidDivergence s_divergence = new();

    public nn.Module Module => model;

    public IReadOnlyList<int> Lengths { get; } = [.. examples.Select(e => e.Window.Count + 2)];

    public TrainingBatch CreateBatch(IReadOnlyList<int> indices)
    {
        var rows = indices.Select(i => examples[i]).ToList();
        var input = TokenBatch.Create([.. rows.Select(r => r.Window)], tokenizer, device);
        return new TrainingBatch(input, Targets(rows, (int)input.Ids.shape[1]), rows.Count, indices.Sum(i => Lengths[i]));
    }

    public IReadOnlyList<int> UnlabeledLengths => unlabeledRows.Lengths;

    public TrainingBatch CreateUnlabeledBatch(IReadOnlyList<int> rows) => unlabeledRows.CreateBatch(rows);

    /// <summary>Flat indices first · T + last of the gold cells, int64 [B, E, K], padded with −1.</summary>
    Tensor Targets(List<SpanExample> rows, int length)
    {
        var most = Math.Max(1, rows.Max(r => r.Targets.CountBy(t => t.Label).Max(c => (int?)c.Value) ?? 0));
        var cells = new long[rows.Count * labels * most];
        Array.Fill(cells, -1);
        for (var row = 0; row < rows.Count; row++)
        {
            foreach (var group in rows[row].Targets.GroupBy(t => t.Label))
            {
                var at = (row * labels + group.Key) * most;
                foreach (var (_, first, last) in group) cells[at++] = (long)first * length + last;
            }
        }
        return tensor(cells, [rows.Count, labels, most], device: device);
    }

    public Tensor Forward(TrainingBatch batch) => model.call(batch.Input); // [B, E, T, T]

    public Tensor Loss(Tensor logits, TrainingBatch batch)
    {
        using var cells = SpanExtractionModel.CellMask(batch.Input.Mask); // [B, 1, T, T]
        using var flatCells = cells.flatten(2);
        using var flatLogits = logits.flatten(2); // [B, E, T·T]
        return loss.Compute(flatLogits, batch.Targets, flatCells);
    }

    public Tensor Divergence(Tensor first, Tensor second, TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var cells = SpanExtractionModel.CellMask(batch.Input.Mask).flatten(2); // [B, 1, T·T]
        return s_divergence.Compute(first.flatten(2), second.flatten(2), cells).MoveToOuterDisposeScope();
    }

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => validate(cancellationToken);
}
