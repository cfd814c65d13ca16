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
        new(InnerStagesRunAsDocumented), new(NeutralOptionsChangeNothing), new(HasAnEffect), new(GradientFlowsThroughEveryPass), new(EvaluationLeavesTheModuleAsItWas),
        new(FailedPassLeavesWeightsAndBatch), new(SameSeedGivesSameNumbers), new(SavedStateIsLoaded), new(GlobalStateIsUntouched), new(FreesNativeMemory),
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
        => Require.That(Distance(Train(Dropout, @case.CreateNeutral()), Train(Dropout, @case.Create())) > 1e-7, "the options that should have an effect have none");

    public static void GradientFlowsThroughEveryPass(TrainingStepContractCase @case)
    {
        var inner = new Observer { WatchGradients = true };
        Train(new Observer { Check = () => inner.RequireGradients() }, @case.Create(), inner);
    }

    public static void SameSeedGivesSameNumbers(TrainingStepContractCase @case)
        => Require.That(Distance(Train(Dropout, @case.Create()), Train(Dropout, @case.Create())) == 0, "same seed, same data, different weights");

    /// <summary>Validation sees the module once, whatever the middleware puts into it, and training continues with the weights that it had.</summary>
    public static void EvaluationLeavesTheModuleAsItWas(TrainingStepContractCase @case)
    {
        var (outer, inner) = (new Observer(), new Observer());
        try
        {
            Train(Dropout, outer, @case.Create(), inner);
        }
        catch (InvalidOperationException error)
        {
            Require.That(false, $"the loop refused the middleware: {error.Message}");
        }
        Require.That(outer.Evaluations > 0, "no evaluation was seen");
        Require.Equal(outer.Evaluations, inner.Evaluations, "the number of inner evaluations");
        Require.That(outer.WeightsSurviveEvaluation, "evaluation changed the weights that are trained");

        var failing = new Observer { FailEvaluation = true };
        Train(Dropout, outer, @case.Create(), failing);
        Require.That(outer.WeightsSurviveEvaluation, "an evaluation that throws changed the weights that are trained");
    }

    /// <summary>A forward pass that throws: afterwards the weights and the batch are those from before the step.</summary>
    public static void FailedPassLeavesWeightsAndBatch(TrainingStepContractCase @case)
    {
        for (var pass = 1; pass <= 4; pass++)
        {
            var task = new FailingForward(pass);
            var outer = new Observer { CatchFailures = true };
            Train(task, outer, @case.Create());
            Require.That(outer.WeightsSurviveFailures, $"weights were not put back after forward pass {pass} threw");
            Require.That(outer.BatchSurvivesFailures, $"the batch was not put back after forward pass {pass} threw");
        }
    }

    public static void SavedStateIsLoaded(TrainingStepContractCase @case)
    {
        if (@case.Create() is not ITrainingState) return;
        var step = @case.Create();
        var state = new TrainingState();
        Train(Dropout, new Observer { Check = () => Save(step, state) }, step);
        var copy = @case.Create();
        var again = new TrainingState();
        ((ITrainingState)copy).Load(state);
        Save(copy, again);
        (copy as IDisposable)?.Dispose();
        Require.That(state.Names.Any(), "middleware that says that it remembers saves nothing");
        Require.That(state.Names.SequenceEqual(again.Names), $"state saved as [{string.Join(", ", state.Names)}] is loaded and saved again as [{string.Join(", ", again.Names)}]");
        foreach (var name in state.Names)
        {
            using var scope = NewDisposeScope();
            Require.That(state.Tensor(name).eq(again.Tensor(name)).all().item<bool>(), $"the state '{name}' is not what was saved");
        }

        static void Save(ITrainingStep step, TrainingState state) => ((ITrainingState)step).Save(state);
    }

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

    const double Dropout = 0.3;

    static double[] Train(params ITrainingStep[] steps) => Train(0, steps);

    static double[] Train(double dropout, params ITrainingStep[] steps)
    {
        using var generator = new Generator(seed: 5, device: CPU);
        using var task = new ToyTask(generator, dropout);
        return Train(task, task, generator, steps);
    }

    static void Train(FailingForward failing, params ITrainingStep[] steps)
    {
        using var generator = new Generator(seed: 5, device: CPU);
        using var task = new ToyTask(generator);
        failing.Inner = task;
        Train(failing, task, generator, steps);
    }

    static double[] Train(ITrainingTask task, ToyTask toy, Generator generator, params ITrainingStep[] steps)
    {
        var options = new TrainingLoop.Options(Epochs: 3, BatchSize: 4, LearningRate: 0.05, WeightDecay: 0, Patience: 0, CancellationBehavior.Throw);
        new TrainingLoop(options, new AdamW(), new LinearSchedule(), steps).Run(task, generator);
        return toy.Weights;
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

        public int Evaluations { get; private set; }

        public bool FailEvaluation { get; init; }

        public bool CatchFailures { get; init; }

        public bool WeightsSurviveEvaluation { get; private set; } = true;

        public bool WeightsSurviveFailures { get; private set; } = true;

        public bool BatchSurvivesFailures { get; private set; } = true;

        public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
        {
            Losses++;
            var loss = CatchFailures ? LossOrZero(context, next) : next(context);
            if (WatchGradients)
            {
                context.Logits!.retain_grad();
                _watched.Add(context.Logits);
            }

            return loss;
        }

        Tensor LossOrZero(StepContext context, Func<StepContext, Tensor> next)
        {
            var (before, batch) = (Weights(context.Task.Module), context.Batch);
            try
            {
                return next(context);
            }
            catch (InvalidTimeZoneException)
            {
                WeightsSurviveFailures &= before.SequenceEqual(Weights(context.Task.Module));
                BatchSurvivesFailures &= ReferenceEquals(batch, context.Batch);
                return context.Task.Loss(context.Task.Forward(batch), batch).mul(0);
            }
        }

        public void Evaluate(nn.Module module, Action next)
        {
            Evaluations++;
            var before = Weights(module);
            try
            {
                next();
                if (FailEvaluation) throw new InvalidTimeZoneException();
            }
            catch (InvalidTimeZoneException) when (!FailEvaluation)
            {
                // What the inner stage threw on purpose ends here.
            }
            WeightsSurviveEvaluation &= before.SequenceEqual(Weights(module));
        }

        static double[] Weights(nn.Module module)
        {
            using var scope = NewDisposeScope();
            return [.. module.parameters().SelectMany(parameter => parameter.detach().to(ScalarType.Float64).reshape(-1).data<double>().ToArray())];
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

    /// <summary>The toy, whose forward pass throws once in each step.</summary>
    sealed class FailingForward(int pass) : IUnlabeledTask, IMixableTask
    {
        int _passes;

        public ToyTask Inner { get; set; } = null!;

        public nn.Module Module => Inner.Module;

        public IReadOnlyList<int> Lengths => Inner.Lengths;

        public IReadOnlyList<int> UnlabeledLengths => Inner.UnlabeledLengths;

        public TrainingBatch CreateBatch(IReadOnlyList<int> examples)
        {
            _passes = 0;
            return Inner.CreateBatch(examples);
        }

        public TrainingBatch CreateUnlabeledBatch(IReadOnlyList<int> rows) => Inner.CreateUnlabeledBatch(rows);

        // An exception that nothing else throws.
        public Tensor Forward(TrainingBatch batch) => ++_passes == pass ? throw new InvalidTimeZoneException() : Inner.Forward(batch);

        public Tensor Loss(Tensor logits, TrainingBatch batch) => Inner.Loss(logits, batch);

        public Tensor Divergence(Tensor first, Tensor second, TrainingBatch batch) => Inner.Divergence(first, second, batch);

        public Tensor SoftTargets(TrainingBatch batch) => Inner.SoftTargets(batch);

        public ValidationMetrics? Validate(CancellationToken cancellationToken) => null;
    }
}
