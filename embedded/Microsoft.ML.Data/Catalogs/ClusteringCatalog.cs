using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Grouping of rows that are near each other.</summary>
public sealed class ClusteringCatalog : TrainCatalogBase
{
    internal ClusteringCatalog(IHostEnvironment env)
        : base(env, nameof(ClusteringCatalog)) => Trainers = new ClusteringTrainers(this);

    public ClusteringTrainers Trainers { get; }

    /// <summary>Where extension methods that create clustering trainers hang.</summary>
    public sealed class ClusteringTrainers : CatalogInstantiatorBase
    {
        internal ClusteringTrainers(ClusteringCatalog catalog)
            : base(catalog)
        {
        }
    }

    /// <summary>Measures clusters by themselves, and, where columns for it are named, against labels and by the features' scatter.</summary>
    public ClusteringMetrics Evaluate(IDataView data, string labelColumnName = null, string scoreColumnName = "Score", string featureColumnName = null)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));
        Environment.CheckParam(labelColumnName is not "", nameof(labelColumnName), "The label column name should be non-empty if you want to calculate the Nmi metric.");
        Environment.CheckParam(featureColumnName is not "", nameof(featureColumnName), "The features column name should be non-empty if you want to calculate the Dbi metric.");
        return new ClusteringEvaluator(Environment).Evaluate(data, labelColumnName, scoreColumnName, featureColumnName);
    }

    public IReadOnlyList<CrossValidationResult<ClusteringMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5,
        string labelColumnName = null, string featuresColumnName = null, string samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed,
            scores => Evaluate(scores, labelColumnName: labelColumnName, featureColumnName: featuresColumnName));
}
