using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>The checks of the middleware contract: each trains a toy model through the real loop, with observers outside and inside the middleware.</summary>
static class TrainingStepChecks
{
    public static IEnumerable<ContractCheck<TrainingStepContractCase>> All =>
    [
        new(InnerStagesRunAsDocumented), new(NeutralOptionsChangeNothing), new(HasAnEffect), new(GradientFlowsThroughEveryPass), new(SameSeedGivesSameNumbers),
        new(GlobalStateIsUntouched), new(FreesNativeMemory),
    ];

    public static void InnerStagesRunAsDocumented(TrainingStepContractCase @case)
    {
        var (outer, inner) = (new Observer(), new Observer());
        Train(outer, @case.Create(), inner);
        Require.Equal(outer.Losses * @case.ForwardPasses, inner.Losses, "the number of inner forward passes");
        Require.Equal(outer.Updates, inner.Updates, "the number of inner updates");
    }

    public static void NeutralOptionsChangeNothing(TrainingStepContractCase @case)
    {
        var (plain, neutral) = (Train(), Train(@case.CreateNeutral()));
        Require.That(Distance(plain, neutral) <= @case.Tolerance, $"neutral options moved a weight by {Distance(plain, neutral)}");
    }

    public static void HasAnEffect(TrainingStepContractCase @case)
        => Require.That(Distance(Train(), Train(@case.Create())) > 1e-7, "the options that should have an effect have none");

    public static void GradientFlowsThroughEveryPass(TrainingStepContractCase @case)
    {
        var inner = new Observer { WatchGradients = true };
        Train(new Observer { Check = () => inner.RequireGradients() }, @case.Create(), inner);
    }

    public static void SameSeedGivesSameNumbers(TrainingStepContractCase @case)
        => Require.That(Distance(Train(@case.Create()), Train(@case.Create())) == 0, "same seed, same data, different weights");

    public static void GlobalStateIsUntouched(TrainingStepContractCase @case)
    {
        var before = TorchState.Capture();
        Train(@case.Create());
        before.RequireUnchanged("the middleware");
    }

    public static void FreesNativeMemory(TrainingStepContractCase @case)
    {
        Train(@case.Create());
        NativeMemory.RequireNoLeak("training with the middleware", 3, () => Train(@case.Create()));
    }

    static double[] Train(params ITrainingStep[] steps)
    {
        using var task = new ToyTask();
        using var generator = new Generator(seed: 5, device: CPU);
        var options = new TrainingLoop.Options(Epochs: 3, BatchSize: 4, LearningRate: 0.05, WeightDecay: 0, Patience: 0, CancellationBehavior.Throw);
        new TrainingLoop(options, new AdamW(), new LinearSchedule(), steps).Run(task, generator);
        return task.Weights;
    }

    static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    /// <summary>Counts the stages that pass through it, and can watch whether gradients reach the raw scores.</summary>
    sealed class Observer : ITrainingStep
    {
        readonly List<Tensor> _watched = [];

        public int Losses { get; private set; }

        public int Updates { get; private set; }

        public bool WatchGradients { get; init; }

        public Action? Check { get; init; }

        public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
        {
            Losses++;
            var loss = next(context);
            if (WatchGradients)
            {
                context.Logits!.retain_grad();
                _watched.Add(context.Logits);
            }

            return loss;
        }

        public void Update(StepContext context, Action<StepContext> next)
        {
            Updates++;
            Check?.Invoke();
            next(context);
        }

        public void RequireGradients()
        {
            Require.That(_watched.Count > 0, "no forward pass was seen");
            for (var i = 0; i < _watched.Count; i++)
            {
                using var gradient = _watched[i].grad;
                Require.That(gradient is not null && gradient.abs().sum().ToDouble() > 0, $"forward pass {i + 1} of the step received no gradient");
            }

            _watched.Clear();
        }
    }
}
