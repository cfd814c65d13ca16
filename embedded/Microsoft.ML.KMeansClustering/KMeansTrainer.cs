using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Groups rows around centroids: each row belongs to the nearest one, and each centroid is the mean of its rows. Weights count only where k-means++ chooses the first ones.</summary>
public class KMeansTrainer : TrainerEstimatorBase<ClusteringPredictionTransformer<KMeansModelParameters>, KMeansModelParameters>
{
    private readonly Options _options;

    internal KMeansTrainer(IHostEnvironment env, Options options)
        : base(env.Register("KMeansPlusPlus"), FloatVector(options.FeatureColumnName), default, FloatOrNone(options.ExampleWeightColumnName))
    {
        Host.CheckUserArg(options.NumberOfClusters > 0, nameof(options.NumberOfClusters), "Must be positive");
        Host.CheckUserArg(options.MaximumNumberOfIterations > 0, nameof(options.MaximumNumberOfIterations), "Must be positive");
        Host.CheckUserArg(options.OptimizationTolerance > 0, nameof(options.OptimizationTolerance), "Tolerance must be positive");
        Host.CheckUserArg(options.AccelerationMemoryBudgetMb > 0, nameof(options.AccelerationMemoryBudgetMb), "Must be positive");
        Host.CheckUserArg(options.NumberOfThreads is null or > 0, nameof(options.NumberOfThreads), "Must be either null or a positive integer.");
        _options = options;
    }

    public override TrainerInfo Info { get; } = new();

    private protected override SchemaShape.Column[] OutputColumns(SchemaShape inputSchema) =>
    [
        new("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, AnnotationUtils.ShapeOfScore()),
        new("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false, AnnotationUtils.ShapeOfScore()),
    ];

    private protected override KMeansModelParameters Train(IDataView data)
    {
        using var channel = Host.Start("Training");
        var rows = new FeatureRows(Host, data, FeatureColumn.Name, WeightColumn.Name, (long)_options.AccelerationMemoryBudgetMb << 20);
        channel.Info("Initializing centroids");
        var centroids = KMeansSeeding.Choose(Host, rows, _options.NumberOfClusters, _options.InitializationAlgorithm);
        CheckFinite(centroids);
        channel.Info("Centroids initialized, starting main trainer");
        new Lloyd(Host, rows, centroids).Improve(_options.MaximumNumberOfIterations, _options.OptimizationTolerance);
        CheckFinite(centroids);
        channel.Info("Model trained successfully on {0} instances", rows.Count);
        if (rows.MissingFeatureCount > 0)
            channel.Warning("{0} instances with missing features detected and ignored. Consider using MissingHandler.", rows.MissingFeatureCount);
        return new KMeansModelParameters(Host, centroids);
    }

    private static void CheckFinite(float[][] centroids)
        => Contracts.Check(Array.TrueForAll(centroids, centroid => Array.TrueForAll(centroid, float.IsFinite)), "Model training failed: non-finite coordinates are generated");

    private protected override ClusteringPredictionTransformer<KMeansModelParameters> MakeTransformer(KMeansModelParameters model, DataViewSchema trainSchema)
        => new(Host, model, trainSchema, FeatureColumn.Name);

    private static SchemaShape.Column FloatVector(string name) => new(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);

    private static SchemaShape.Column FloatOrNone(string name)
        => name is null ? default : new(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false);

    /// <summary>How the first centroids are chosen.</summary>
    public enum InitializationAlgorithm
    {
        /// <summary>Rows at random, far from those already chosen.</summary>
        KMeansPlusPlus = 0,

        /// <summary>Rows at random.</summary>
        Random = 1,

        /// <summary>Rows at random, far from those already chosen, many in a round where there are many clusters: k-means||.</summary>
        KMeansYinyang = 2,
    }

    public sealed class Options : UnsupervisedTrainerInputBaseWithWeight
    {
        public int NumberOfClusters = 5;

        public InitializationAlgorithm InitializationAlgorithm = InitializationAlgorithm.KMeansYinyang;

        /// <summary>Training ends when the mean squared distance falls by less than this.</summary>
        public float OptimizationTolerance = (float)1e-7;

        public int MaximumNumberOfIterations = 1000;

        /// <summary>Features are kept in memory up to this many MiB here, and read again in each iteration beyond.</summary>
        public int AccelerationMemoryBudgetMb = 4 * 1024;

        /// <summary>One thread is used, whatever this says.</summary>
        public int? NumberOfThreads;
    }
}
