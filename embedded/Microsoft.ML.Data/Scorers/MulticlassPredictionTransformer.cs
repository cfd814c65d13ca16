using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ISingleFeaturePredictionTransformer<object>), typeof(MulticlassPredictionTransformer), null, typeof(SignatureLoadModel),
    "", MulticlassPredictionTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Assigns rows to classes: a key counted from 1 in <c>PredictedLabel</c>, and the scores of all classes in <c>Score</c>.</summary>
public sealed class MulticlassPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private readonly string _trainLabelColumn;
    private readonly string _scoreColumn;
    private readonly string _predictedLabelColumn;

    internal MulticlassPredictionTransformer(IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn, string labelColumn)
        : base(env.Register(nameof(MulticlassPredictionTransformer<TModel>)), model, inputSchema, featureColumn)
        => (_trainLabelColumn, _scoreColumn, _predictedLabelColumn) = (labelColumn, "Score", "PredictedLabel");

    // Format: what the base writes, then the names of the label in training, of the scores and of the predicted label.
    internal MulticlassPredictionTransformer(IHost host, ModelLoadContext ctx, TModel model)
        : base(host, ctx, model)
    {
        _trainLabelColumn = ctx.LoadStringOrNull();
        bool named = ctx.Header.ModelVerWritten >= MulticlassPredictionTransformer.NamesSince;
        _scoreColumn = named ? ctx.LoadNonEmptyString() : "Score";
        _predictedLabelColumn = named ? ctx.LoadNonEmptyString() : "PredictedLabel";
        Host.CheckDecode(FeatureColumnType is VectorDataViewType { ItemType: NumberDataViewType } type
            && type.ItemType == NumberDataViewType.Single && type.Size == ((IVectorModel)Model).InputSize, "Corrupt model file: its features do not fit its weights");
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new MulticlassMapper(Host, schema, FindFeatures(schema), (IVectorModel)Model,
        _trainLabelColumn is null ? null : TrainSchema.GetColumnOrNull(_trainLabelColumn), _scoreColumn, _predictedLabelColumn);

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(MulticlassPredictionTransformer.GetVersionInfo());
        base.SaveCore(ctx);
        ctx.SaveStringOrNull(_trainLabelColumn);
        ctx.SaveStringOrNull(_scoreColumn);
        ctx.SaveStringOrNull(_predictedLabelColumn);
    }
}

/// <summary>Makes the transformer from a model file, for the type of the model that is in it.</summary>
internal static class MulticlassPredictionTransformer
{
    public const string LoaderSignature = "MulticlassPredXfer";
    public const uint NamesSince = 0x00010002;

    public static ISingleFeaturePredictionTransformer<object> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        var host = env.Register(nameof(MulticlassPredictionTransformer<IVectorModel>));
        var model = PredictionTransformerBase<IVectorModel>.LoadModel(host, ctx);
        var type = typeof(MulticlassPredictionTransformer<>).MakeGenericType(model.GetType());
        return (ISingleFeaturePredictionTransformer<object>)Activator.CreateInstance(
            type, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DoNotWrapExceptions, null, [host, ctx, model], null);
    }

    public static VersionInfo GetVersionInfo() => new(
        modelSignature: "MC  PRED",
        verWrittenCur: NamesSince,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(MulticlassPredictionTransformer<>).Assembly.FullName);
}
