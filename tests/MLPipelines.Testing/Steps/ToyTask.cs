using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Trainers.Divergences;
using MLPipelines.Trainers.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>A table of vectors, dropout and a linear map with eight examples: the smallest thing that the training loop and every kind of middleware can work on.</summary>
sealed class ToyTask : IUnlabeledTask, IMixableTask, IDisposable
{
    const int Examples = 8;
    const int Width = 3;
    const int Outputs = 2;

    static readonly SigmoidDivergence s_divergence = new();
    readonly ToyModel _model;

    /// <param name="generator">For dropout masks; not owned.</param>
    /// <param name="dropout">The probability of dropping a feature.</param>
    public ToyTask(Generator generator, double dropout = 0) => _model = new(generator, dropout);

    public nn.Module Module => _model;

    public IReadOnlyList<int> Lengths { get; } = [.. Enumerable.Repeat(1, Examples)];

    public IReadOnlyList<int> UnlabeledLengths { get; } = [1, 1];

    public double[] Weights
    {
        get
        {
            using var scope = NewDisposeScope();
            return [.. _model.parameters().SelectMany(parameter => parameter.detach().to(ScalarType.Float64).reshape(-1).data<double>().ToArray())];
        }
    }

    public TrainingBatch CreateBatch(IReadOnlyList<int> examples) => Batch(examples, 0);

    public TrainingBatch CreateUnlabeledBatch(IReadOnlyList<int> rows) => Batch(rows, Examples);

    static TrainingBatch Batch(IReadOnlyList<int> examples, int first)
    {
        var ids = tensor(examples.Select(example => (long)(first + example)).ToArray(), [examples.Count, 1]);
        var targets = first > 0 ? empty(0) : tensor(examples.SelectMany(example => new[] { example % 3, -example / 4f }).ToArray(), [examples.Count, Outputs]);
        return new(new EncoderInput(ids, ones(examples.Count, 1, dtype: ScalarType.Bool)), targets, examples.Count, examples.Count);
    }

    public Tensor Forward(TrainingBatch batch) => _model.Score(batch);

    public Tensor Loss(Tensor logits, TrainingBatch batch) => logits.sub(batch.Targets).square().mean();

    public Tensor Divergence(Tensor first, Tensor second, TrainingBatch batch) => s_divergence.Compute(first, second);

    public Tensor SoftTargets(TrainingBatch batch) => batch.Targets.clone();

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => null;

    public void Dispose() => _model.Dispose();

    sealed class ToyModel : nn.Module
    {
        readonly Embedding table;
        readonly SeededDropout dropout;
        readonly Parameter weight;

        public ToyModel(Generator generator, double dropout)
            : base(nameof(ToyModel))
        {
            table = Table();
            this.dropout = new SeededDropout(dropout, generator);
            using var line = linspace(-1, 1, Width * Outputs);
            weight = new Parameter(line.reshape(Width, Outputs));
            RegisterComponents();
        }

        // The constructor draws first values from the generator that all threads share, whose state is not ours to change.
        static Embedding Table()
        {
            using var noGrad = no_grad();
            using var shared = Generator.Default;
            using var state = shared.get_state();
            var table = nn.Embedding(Examples + 2, Width, sparse: true);
            shared.set_state(state);
            using var weight = table.weight!;
            using var line = linspace(-1, 1, (Examples + 2) * Width);
            using var values = line.reshape(Examples + 2, Width);
            weight.copy_(values);
            return table;
        }

        public Tensor Score(TrainingBatch batch)
        {
            using var scope = NewDisposeScope();
            var features = dropout.call(table.call(batch.Input.Ids).squeeze(1)); // [B, width]
            if (batch.Mixture is { } mixture) features = mixture.Apply(features);
            return features.mm(weight).MoveToOuterDisposeScope(); // [B, outputs]
        }
    }
}
