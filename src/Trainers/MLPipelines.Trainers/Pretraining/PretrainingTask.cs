using MLPipelines.Scoring;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Pretraining;

/// <summary>Masked language modelling for the training loop: every batch hides other tokens, and only the hidden places are scored.</summary>
sealed class PretrainingTask(
    MaskedLanguageModel model, IReadOnlyList<PretrainingText> training, IReadOnlyList<PretrainingText> heldOut, TokenMasking masking, ILoss loss, int padding, Device device, Generator generator, int batchSize)
    : ITrainingTask
{
    /// <summary>Held-out texts are hidden in the same way every time.</summary>
    const int HeldOutSeed = 20211;

    readonly List<MaskedSequence> validation = Mask(heldOut, masking, new Random(HeldOutSeed));

    public nn.Module Module => model;

    public IReadOnlyList<int> Lengths { get; } = [.. training.Select(text => text.Sequence.Length)];

    public TrainingBatch CreateBatch(IReadOnlyList<int> examples)
    {
        // One draw from the run's generator decides everything in the batch, so the run can be continued exactly. Of 64 bits: versions of libtorch draw from a range just below 2^31 differently.
        using var seed = randint(0, long.MaxValue, [1], ScalarType.Int64, CPU, false, generator);
        return ToBatch(Mask([.. examples.Select(i => training[i])], masking, new Random((int)seed.ReadCpuInt64(0))));
    }

    static List<MaskedSequence> Mask(IReadOnlyList<PretrainingText> texts, TokenMasking masking, Random random) => [.. texts.Select(text => masking.Apply(text.Sequence, text.Words, random))];

    TrainingBatch ToBatch(List<MaskedSequence> rows)
    {
        var input = TextSequences.ToBatch([.. rows.Select(row => row.Sequence)], padding, device);
        var width = input.Ids.shape[1];
        long[] places = [.. rows.SelectMany((row, i) => row.Positions.Select(position => i * width + position))];
        long[] ids = [.. rows.SelectMany(row => row.Ids.Select(id => (long)id))];
        return new TrainingBatch(input, tensor([.. places, .. ids], [2, places.Length], device: device), rows.Count, rows.Sum(row => row.Sequence.Length)) { Weight = places.Length };
    }

    public Tensor Forward(TrainingBatch batch) => model.call(batch.Input, batch.Targets.select(0, 0)); // [M, V]

    public Tensor Loss(Tensor logits, TrainingBatch batch) => loss.Compute(logits, batch.Targets.select(0, 1));

    public ValidationMetrics? Validate(CancellationToken cancellationToken)
    {
        if (validation.Count == 0) return null;
        var (sum, right, places) = (0.0, 0L, 0L);
        foreach (var group in LengthBuckets.Group([.. validation.Select(row => row.Sequence.Length)], _ => batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = ToBatch([.. group.Select(i => validation[i])]);
            var logits = Forward(batch);
            var count = batch.Targets.shape[1];
            sum += Loss(logits, batch).to(ScalarType.Float64).item<double>() * count;
            right += logits.argmax(-1).eq(batch.Targets.select(0, 1)).sum().item<long>();
            places += count;
        }
        // The likelihood of the hidden tokens tells epochs apart where few of them are right yet.
        return new ValidationMetrics("LogLikelihood", -sum / places, new Dictionary<string, double> { ["LogLikelihood"] = -sum / places, ["Loss"] = sum / places, ["Accuracy"] = (double)right / places });
    }
}
