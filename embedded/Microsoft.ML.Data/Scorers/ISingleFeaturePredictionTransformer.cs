using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A transformer that scores one column of features with a model.</summary>
public interface ISingleFeaturePredictionTransformer<out TModel> : IPredictionTransformer<TModel>
    where TModel : class
{
    string FeatureColumnName { get; }

    DataViewType FeatureColumnType { get; }
}
