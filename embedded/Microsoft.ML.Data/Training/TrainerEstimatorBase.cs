using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>An estimator that learns a model from one column of features.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    public readonly SchemaShape.Column FeatureColumn;
    public readonly SchemaShape.Column LabelColumn;
    public readonly SchemaShape.Column WeightColumn;

    private protected readonly IHost Host;

    private protected TrainerEstimatorBase(IHost host, SchemaShape.Column feature, SchemaShape.Column label, SchemaShape.Column weight = default)
    {
        Host = host;
        FeatureColumn = feature;
        LabelColumn = label;
        WeightColumn = weight;
    }

    public abstract TrainerInfo Info { get; }

    public TTransformer Fit(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        CheckInputSchema(SchemaShape.Create(input.Schema));
        return MakeTransformer(Train(input), input.Schema);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        CheckInputSchema(inputSchema);
        var added = OutputColumns(inputSchema);
        return new SchemaShape(inputSchema.Where(column => !added.Any(output => output.Name == column.Name)).Concat(added));
    }

    private protected abstract SchemaShape.Column[] OutputColumns(SchemaShape inputSchema);

    private protected abstract TModel Train(IDataView data);

    private protected abstract TTransformer MakeTransformer(TModel model, DataViewSchema trainSchema);

    private protected void CheckInputSchema(SchemaShape schema)
    {
        Check(schema, "feature", FeatureColumn);
        Check(schema, "weight", WeightColumn);
        Check(schema, "label", LabelColumn);
    }

    private void Check(SchemaShape schema, string role, SchemaShape.Column required)
    {
        if (required.Name is null)
            return;
        if (!schema.TryFindColumn(required.Name, out var column))
            throw Host.ExceptSchemaMismatch("inputSchema", role, required.Name);
        if (!required.IsCompatibleWith(column))
            throw Host.ExceptSchemaMismatch("inputSchema", role, required.Name, required.GetTypeString(), column.GetTypeString());
    }
}
