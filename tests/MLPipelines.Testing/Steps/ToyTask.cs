using MLPipelines.Encoders;
using MLPipelines.Trainers.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>A linear model with eight examples: the smallest thing that the training loop can train.</summary>
sealed class ToyTask : ITrainingTask, IDisposable
{
    const int Inputs = 3;
    const int Outputs = 2;

    readonly LinearModel _model = new();

    public nn.Module Module => _model;

    public IReadOnlyList<int> Lengths { get; } = [1, 1, 1, 1, 1, 1, 1, 1];

    public double[] Weights
    {
        get
        {
            using var scope = NewDisposeScope();
            return [.. _model.Weight.detach().to(ScalarType.Float64).reshape(-1).data<double>()];
        }
    }

    public TrainingBatch CreateBatch(IReadOnlyList<int> examples)
    {
        var ids = tensor(examples.Select(example => (long)example).ToArray(), [examples.Count, 1]);
        var targets = tensor(examples.SelectMany(example => new float[] { example % 3, -example }).ToArray(), [examples.Count, Outputs]);
        return new(new EncoderInput(ids, ones(examples.Count, 1, dtype: ScalarType.Bool)), targets, examples.Count, examples.Count);
    }

    public Tensor Forward(TrainingBatch batch) => _model.call(batch.Input.Ids);

    public Tensor Loss(Tensor logits, TrainingBatch batch) => logits.sub(batch.Targets).square().mean();

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => null;

    public void Dispose() => _model.Dispose();

    sealed class LinearModel : nn.Module<Tensor, Tensor>
    {
        public LinearModel()
            : base(nameof(LinearModel))
        {
            using var line = linspace(-1, 1, Inputs * Outputs);
            Weight = new Parameter(line.reshape(Inputs, Outputs));
            RegisterComponents();
        }

        public Parameter Weight { get; }

        // Three features of an example's number.
        public override Tensor forward(Tensor ids)
        {
            var x = ids.to(ScalarType.Float32); // [B, 1]
            return cat([ones_like(x), x, x.square().mul(0.1)], 1).mm(Weight); // [B, 2]
        }
    }
}
