using Microsoft.ML.Runtime;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Data;

/// <summary>Divides rows at random, or so that rows with one sampling key stay together.</summary>
internal static class DataSplitter
{
    private const string RegistrationName = "RangeFilter";

    public static TrainTestData TrainTestSplit(IHostEnvironment env, IDataView data, double testFraction, string samplingKeyColumnName, int? seed)
    {
        var fraction = MakeFraction(env, data, samplingKeyColumnName, seed);
        var host = env.Register(RegistrationName);
        return new TrainTestData(
            fraction.Filter(host, data, 0, testFraction, includeMax: false, complement: true),
            fraction.Filter(host, data, 0, testFraction, includeMax: false, complement: false));
    }

    public static IReadOnlyList<TrainTestData> CrossValidationSplit(IHostEnvironment env, IDataView data, int numberOfFolds,
        string samplingKeyColumnName, int? seed)
    {
        var fraction = MakeFraction(env, data, samplingKeyColumnName, seed);
        var host = env.Register(RegistrationName);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold =>
        {
            double min = (double)fold / numberOfFolds, max = (double)(fold + 1) / numberOfFolds;
            return new TrainTestData(
                fraction.Filter(host, data, min, max, includeMax: true, complement: true),
                fraction.Filter(host, data, min, max, includeMax: true, complement: false));
        })];
    }

    private static RowFraction MakeFraction(IHostEnvironment env, IDataView data, string samplingKeyColumnName, int? seed)
    {
        seed ??= ((IHostEnvironmentInternal)env).Seed;
        if (samplingKeyColumnName is null)
            return RowFraction.Random(seed);
        var column = data.Schema.GetColumnOrNull(samplingKeyColumnName)
            ?? throw env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKeyColumnName);
        if (column.Type is KeyDataViewType)
            return RowFraction.Key(column);
        if (column.Type == NumberDataViewType.Single || column.Type == NumberDataViewType.Double)
            return RowFraction.Normalized(data, column);
        if (column.Type is VectorDataViewType or RowIdDataViewType)
        {
            throw env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKeyColumnName,
                "scalar number, text, boolean, time or key", column.Type.ToString());
        }
        return RowFraction.Hash(column, seed);
    }
}
