using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Scales each vector by itself, by a norm of it; nothing is learned.</summary>
public abstract class LpNormNormalizingEstimatorBase : TrivialEstimator<LpNormNormalizingTransformer>
{
    internal const string ExpectedColumnType = "Expected known-size vector of Single";

    private protected LpNormNormalizingEstimatorBase(IHostEnvironment env, params LpNormColumn[] columns)
        : base(env.Register(nameof(LpNormNormalizingEstimator)), new LpNormNormalizingTransformer(env, columns))
    {
    }

    /// <summary>What a vector is divided by.</summary>
    public enum NormFunction : byte
    {
        /// <summary>The root of the sum of squares.</summary>
        L2 = 0,

        /// <summary>The standard deviation of the values.</summary>
        StandardDeviation = 1,

        /// <summary>The sum of the absolute values.</summary>
        L1 = 2,

        /// <summary>The greatest absolute value.</summary>
        Infinity = 3,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(input, out var source))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            if (source.Kind != SchemaShape.Column.VectorKind.Vector || source.ItemType != NumberDataViewType.Single)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input, ExpectedColumnType, source.GetTypeString());
            result[output] = new SchemaShape.Column(output, source.Kind, source.ItemType, isKey: false, AnnotationUtils.ShapeOfNormalized(source));
        }
        return new SchemaShape(result.Values);
    }
}
