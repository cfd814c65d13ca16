using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What the catalogs of the machine learning tasks have in common.</summary>
public abstract class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment env, string registrationName)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckNonEmpty(registrationName, nameof(registrationName));
        Environment = env;
    }

    private protected IHostEnvironment Environment { get; }

    IHostEnvironment IInternalCatalog.Environment => Environment;

    /// <summary>One fold: the model trained without it, its rows with the model's scores, and the metrics of those.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }

    /// <summary>Where extension methods that create trainers hang.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase catalog) => Owner = catalog;

        internal TrainCatalogBase Owner { get; }

        IHostEnvironment IInternalCatalog.Environment => Owner.Environment;
    }

    private protected CrossValidationResult<T>[] CrossValidate<T>(IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds,
        string samplingKeyColumnName, int? seed, Func<IDataView, T> evaluate)
        where T : class
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        Environment.CheckParam(numberOfFolds > 1, "numFolds", "Must be more than 1");
        var splits = DataSplitter.CrossValidationSplit(Environment, data, numberOfFolds, samplingKeyColumnName, seed);
        var results = new CrossValidationResult<T>[numberOfFolds];
        for (int fold = 0; fold < numberOfFolds; fold++)
        {
            var model = estimator.Fit(splits[fold].TrainSet);
            var scores = TransformForTesting(model, splits[fold].TestSet);
            results[fold] = new(model, evaluate(scores), scores, fold);
        }
        return results;
    }

    /// <summary>Transformers of a chain that are there for training or testing only take part as well.</summary>
    private static IDataView TransformForTesting(ITransformer model, IDataView data)
        => model is ITransformerChainAccessor chain
            ? chain.Transformers.Aggregate(data, (view, transformer) => transformer.Transform(view))
            : model.Transform(data);
}
