using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that scores one column of features with a model.</summary>
public abstract class SingleFeaturePredictionTransformerBase<TModel> : PredictionTransformerBase<TModel>, ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected SingleFeaturePredictionTransformerBase(IHost host, TModel model, DataViewSchema trainSchema, string featureColumn)
        : base(host, model, trainSchema)
    {
        FeatureColumnName = featureColumn;
        FeatureColumnType = TypeOf(featureColumn);
    }

    private protected SingleFeaturePredictionTransformerBase(IHost host, ModelLoadContext ctx)
        : this(host, ctx, LoadModel(host, ctx))
    {
    }

    private protected SingleFeaturePredictionTransformerBase(IHost host, ModelLoadContext ctx, TModel model)
        : base(host, ctx, model)
    {
        FeatureColumnName = ctx.LoadStringOrNull();
        FeatureColumnType = TypeOf(FeatureColumnName);
    }

    public string FeatureColumnName { get; }

    public DataViewType FeatureColumnType { get; }

    public sealed override DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var column = inputSchema.GetColumnOrNull(FeatureColumnName) ?? throw Host.ExceptSchemaMismatch(nameof(inputSchema), "feature", FeatureColumnName);
        if (!column.Type.Equals(FeatureColumnType))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "feature", FeatureColumnName, FeatureColumnType.ToString(), column.Type.ToString());
        return new ColumnBindings(inputSchema, MakeRowMapper(inputSchema).OutputColumns).Schema;
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SaveStringOrNull(FeatureColumnName);
    }

    /// <summary>The column of the features in a schema that is to be scored; what is wrong with it is said as ML.NET says it.</summary>
    private protected DataViewSchema.Column FindFeatures(DataViewSchema inputSchema)
    {
        var column = inputSchema.GetColumnOrNull(FeatureColumnName) ?? throw Host.ExceptParam("schema", $"{FeatureColumnName} column 'Feature' not found");
        return column.Type.Equals(FeatureColumnType) ? column : throw Host.Except($"Incompatible features column type: '{column.Type}' vs '{FeatureColumnType}'");
    }

    private DataViewType TypeOf(string column)
        => (column is null ? null : TrainSchema.GetColumnOrNull(column))?.Type ?? throw Host.ExceptSchemaMismatch(nameof(FeatureColumnName), "feature", column);
}
