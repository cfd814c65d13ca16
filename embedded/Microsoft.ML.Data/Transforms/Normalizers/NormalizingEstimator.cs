using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns how to bring the slots of columns to a common scale.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly IHost _host;
    private readonly NormalizerColumn[] _columns;

    internal NormalizingEstimator(IHostEnvironment env, params NormalizerColumn[] columns)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(NormalizingEstimator));
        _host.CheckValue(columns, nameof(columns));
        _columns = columns;
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return NormalizingTransformer.Train(_host, input, _columns);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var column in _columns)
        {
            if (!inputSchema.TryFindColumn(column.InputColumnName, out var source))
                throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.InputColumnName);
            if (source.Kind == SchemaShape.Column.VectorKind.VariableVector)
                throw Mismatch(column, "known-size vector or scalar", source);
            if (source.ItemType != NumberDataViewType.Single && source.ItemType != NumberDataViewType.Double)
                throw Mismatch(column, "vector or scalar of Single or Double", source);
            result[column.Name] = new SchemaShape.Column(column.Name, source.Kind, source.ItemType, source.IsKey, AnnotationUtils.ShapeOfNormalized(source));
        }
        return new SchemaShape(result.Values);

        Exception Mismatch(NormalizerColumn column, string expected, SchemaShape.Column source)
            => _host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.InputColumnName, expected, source.GetTypeString());
    }
}
