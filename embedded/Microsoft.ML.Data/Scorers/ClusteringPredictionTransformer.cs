using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ClusteringPredictionTransformer<IVectorModel>), typeof(ClusteringPredictionTransformer), null, typeof(SignatureLoadModel),
    "", ClusteringPredictionTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Assigns rows to clusters: a key counted from 1 in <c>PredictedLabel</c>, and the distances in <c>Score</c>.</summary>
public sealed class ClusteringPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    internal ClusteringPredictionTransformer(IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn)
        : base(env.Register(nameof(ClusteringPredictionTransformer<TModel>)), model, inputSchema, featureColumn)
    {
    }

    internal ClusteringPredictionTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env.Register(nameof(ClusteringPredictionTransformer<TModel>)), ctx)
    {
        Host.CheckDecode(Model is IVectorModel model && FeatureColumnType is VectorDataViewType { ItemType: NumberDataViewType } type
            && type.ItemType == NumberDataViewType.Single && type.Size == model.InputSize, "Corrupt model file: its features do not fit its centroids");
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new ClusteringMapper(Host, schema, FindFeatures(schema), (IVectorModel)Model);

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(ClusteringPredictionTransformer.GetVersionInfo());
        base.SaveCore(ctx);
    }
}

/// <summary>Makes the transformer from a model file, which does not say of which type the model in it is.</summary>
internal static class ClusteringPredictionTransformer
{
    public const string LoaderSignature = "ClusteringPredXfer";

    public static ClusteringPredictionTransformer<IVectorModel> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new(env, ctx);
    }

    public static VersionInfo GetVersionInfo() => new(
        modelSignature: "CLUSPRED",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ClusteringPredictionTransformer<>).Assembly.FullName);
}
