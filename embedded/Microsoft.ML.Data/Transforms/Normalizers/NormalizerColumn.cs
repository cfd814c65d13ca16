using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>What is to be learned of one column.</summary>
internal abstract class NormalizerColumn
{
    public const long DefaultMaximumExampleCount = 1000000000;

    protected NormalizerColumn(string name, string inputColumnName, long maximumExampleCount, bool fixZero)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        Contracts.CheckParam(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
        Name = name;
        InputColumnName = inputColumnName ?? name;
        MaximumExampleCount = maximumExampleCount;
        FixZero = fixZero;
    }

    public string Name { get; }

    public string InputColumnName { get; }

    /// <summary>Rows after so many are not looked at.</summary>
    public long MaximumExampleCount { get; }

    /// <summary>Whether 0 stays 0.</summary>
    public bool FixZero { get; }

    /// <summary>A learner for a column of Single or Double.</summary>
    public abstract NormalizerLearner MakeLearner(IHost host, DataViewRow row, DataViewSchema.Column source);

    /// <summary>To [0, 1], or, where 0 is to stay, to [−1, 1].</summary>
    public sealed class MinMax(string name, string inputColumnName, long maximumExampleCount, bool fixZero)
        : NormalizerColumn(name, inputColumnName, maximumExampleCount, fixZero)
    {
        public override NormalizerLearner MakeLearner(IHost host, DataViewRow row, DataViewSchema.Column source) => source.Type.IsOf<double>()
            ? new MinMaxLearner<double>(host, this, row, source)
            : new MinMaxLearner<float>(host, this, row, source);
    }

    /// <summary>To mean 0 and variance 1; or to the values of the normal distribution function with the column's mean and variance.</summary>
    public sealed class MeanVariance(string name, string inputColumnName, long maximumExampleCount, bool fixZero, bool useCdf)
        : NormalizerColumn(name, inputColumnName, maximumExampleCount, fixZero)
    {
        public bool UseCdf { get; } = useCdf;

        public override NormalizerLearner MakeLearner(IHost host, DataViewRow row, DataViewSchema.Column source) => source.Type.IsOf<double>()
            ? new MeanVarianceLearner<double>(host, this, row, source)
            : new MeanVarianceLearner<float>(host, this, row, source);
    }
}
