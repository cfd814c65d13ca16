using Microsoft.ML.Data;
using Microsoft.ML.Numeric;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Trains linear models with L-BFGS: the loss of the rows, weighted, and penalties on the weights but not on the biases, divided by the sum of the row weights.</summary>
public abstract class LbfgsTrainerBase<TOptions, TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
    where TOptions : LbfgsTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
{
    private protected LbfgsTrainerBase(IHostEnvironment env, TOptions options, SchemaShape.Column labelColumn)
        : base(env.Register("LbfgsTrainerBase"), new(options.FeatureColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false), labelColumn,
            options.ExampleWeightColumnName is { } weight ? new(weight, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false) : default)
    {
        Host.CheckUserArg(options.NumberOfThreads is null or > 0, nameof(options.NumberOfThreads), "Must be positive (or empty for default)");
        Host.CheckUserArg(options.L2Regularization >= 0, nameof(options.L2Regularization), "Must be non-negative");
        Host.CheckUserArg(options.L1Regularization >= 0, nameof(options.L1Regularization), "Must be non-negative");
        Host.CheckUserArg(options.OptimizationTolerance > 0, nameof(options.OptimizationTolerance), "Must be positive");
        Host.CheckUserArg(options.HistorySize > 0, nameof(options.HistorySize), "Must be positive");
        Host.CheckUserArg(options.MaximumNumberOfIterations > 0, nameof(options.MaximumNumberOfIterations), "Must be positive");
        LbfgsTrainerOptions = options;
    }

    public override TrainerInfo Info { get; } = new();

    private protected TOptions LbfgsTrainerOptions { get; }

    /// <summary>Minimises the penalised loss from the given first weights, the biases of which come first.</summary>
    private protected float[] Minimise(IChannel channel, TrainingRows rows, IRowLoss loss, float[] first, out float value)
    {
        var options = LbfgsTrainerOptions;
        var objective = new RegularizedLoss(rows, loss, options.L2Regularization);
        var problem = options.L1Regularization > 0
            ? new SparseDescent(loss.BiasCount, options.L1Regularization / rows.Count, options.EnforceNonNegativity)
            : new Descent(options.EnforceNonNegativity);
        var optimizer = new Lbfgs(Host, objective.Evaluate, problem, first, options.HistorySize);
        float[] weights;
        try
        {
            weights = optimizer.Minimise(new MeanImprovement(options.OptimizationTolerance, 0.25f, options.MaximumNumberOfIterations), out value);
        }
        catch (PrematureConvergenceException e)
        {
            if (!options.Quiet)
                channel.Warning("Premature convergence occurred. The OptimizationTolerance may be set too small. {0}", e.Message);
            (weights, value) = (e.Weights, e.Value);
        }
        if (options.L1Regularization > 0 && !options.Quiet)
            channel.Info("L1 regularization selected {0} of {1} weights.", CountUsed(weights, loss.BiasCount), weights.Length);
        return weights;
    }

    /// <summary>The biases and the weights other than 0.</summary>
    private protected static int CountUsed(float[] weights, int biasCount) => biasCount + weights.Skip(biasCount).Count(weight => weight != 0);

    /// <summary>The options of all trainers with L-BFGS.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        public float L2Regularization = 1;

        public float L1Regularization = 1;

        /// <summary>Training ends when the mean improvement falls below this.</summary>
        public float OptimizationTolerance = 1e-7f;

        /// <summary>How many steps the estimate of the curvature looks back.</summary>
        public int HistorySize = 20;

        public int MaximumNumberOfIterations = int.MaxValue;

        public bool Quiet;

        /// <summary>The first weights are drawn from an interval of this length around 0.</summary>
        public float InitialWeightsDiameter;

        /// <summary>One for each processor unless set. With more than one the rows are kept in memory; with one they are read in each step.</summary>
        public int? NumberOfThreads;

        /// <summary>The vectors are always dense here, whatever this says.</summary>
        public bool DenseOptimizer;

        public bool EnforceNonNegativity;
    }
}
