using MLPipelines.Encoders;
using MLPipelines.Trainers.Divergences;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Training;

/// <summary>A task that trains in milliseconds: says for each of a sequence's tokens below 4 that it occurs. Validation is accuracy, or scripted.</summary>
sealed class ToyTask : IConsistencyTask, IMixableTask, IDisposable
{
    const int Vocabulary = 12;
    public const int Classes = 4;

    sealed class Net : nn.Module<Tensor, Tensor>
    {
        readonly Embedding embedding = nn.Embedding(Vocabulary, 8, sparse: true);
        readonly Linear dense = nn.Linear(8, Classes);

        public Net(Generator generator) : base("net")
        {
            RegisterComponents();
            using var noGrad = no_grad();
            foreach (var (_, parameter) in named_parameters())
            {
                using var noise = randn(parameter.shape, generator: generator);
                parameter.copy_(noise);
            }
        }

        public override Tensor forward(Tensor ids)
        {
            using var scope = NewDisposeScope();
            return dense.call(embedding.call(ids).mean([1])).MoveToOuterDisposeScope();
        }
    }

    readonly Net net;
    readonly long[][] sequences;

    public ToyTask(Generator generator, int rows = 64, int? length = null)
    {
        net = new Net(generator);
        var random = new Random(7);
        sequences = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, length ?? random.Next(2, 9)).Select(_ => (long)random.Next(Vocabulary)).ToArray())];
        Lengths = [.. sequences.Select(s => s.Length)];
    }

    public nn.Module Module => net;

    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Batches asked for, in order.</summary>
    public List<int[]> Batches { get; } = [];

    public Action? OnBatch { get; set; }

    /// <summary>The validation result of each epoch, counted from 1; null = no validation set.</summary>
    public Func<int, double>? Script { get; init; }

    public int Validations { get; private set; }

    public Func<Tensor, Tensor>? DistortLoss { get; init; }

    public Func<TrainingBatch, TrainingBatch>? ChangeBatch { get; init; }

    public TrainingBatch CreateBatch(IReadOnlyList<int> examples)
    {
        Batches.Add([.. examples]);
        OnBatch?.Invoke();
        var longest = examples.Max(i => sequences[i].Length);
        // Sequences are repeated to the longest length: the mean over tokens then needs no mask in this toy.
        var ids = tensor(examples.SelectMany(i => Enumerable.Range(0, longest).Select(k => sequences[i][k % sequences[i].Length])).ToArray(), [examples.Count, longest]);
        var targets = tensor(examples.SelectMany(i => Enumerable.Range(0, Classes).Select(c => sequences[i].Contains(c))).ToArray(), [examples.Count, Classes]);
        var batch = new TrainingBatch(new EncoderInput(ids, ones_like(ids, ScalarType.Bool)), targets, examples.Count, examples.Sum(i => sequences[i].Length));
        return ChangeBatch is null ? batch : ChangeBatch(batch);
    }

    public Tensor Forward(TrainingBatch batch) => net.call(batch.Input.Ids);

    public Tensor Loss(Tensor logits, TrainingBatch batch)
    {
        var loss = new ZlprLoss().Compute(logits, batch.Targets);
        return DistortLoss is null ? loss : DistortLoss(loss);
    }

    public Tensor Divergence(Tensor first, Tensor second, TrainingBatch batch) => new SigmoidDivergence().Compute(first, second);

    public Tensor SoftTargets(TrainingBatch batch) => batch.Targets.to(ScalarType.Float32);

    public ValidationMetrics? Validate(CancellationToken cancellationToken)
    {
        Validations++;
        return Script is null ? null : new ValidationMetrics("Score", Script(Validations), new Dictionary<string, double> { ["Score"] = Script(Validations) });
    }

    public double MeanLoss()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var batch = CreateBatch([.. Enumerable.Range(0, sequences.Length)]);
        return Loss(Forward(batch), batch).ToDouble();
    }

    public double[] Weights() => [.. net.state_dict().OrderBy(w => w.Key, StringComparer.Ordinal).SelectMany(w => w.Value.Doubles())];

    public void Dispose() => net.Dispose();
}
