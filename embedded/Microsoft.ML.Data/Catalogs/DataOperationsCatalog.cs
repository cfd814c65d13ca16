using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loading, splitting, filtering and reading data.</summary>
public sealed class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env) => _env = env;

    /// <summary>A division of rows into those to train with and those to test with.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>A view over row objects. They are enumerated once per cursor, as late as possible.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(_env, data, schemaDefinition);
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckValue(schema, nameof(schema));
        return new EnumerableDataView<TRow>(_env, data, DataViewConstructionUtils.GetSchemaDefinition<TRow>(_env, schema));
    }

    /// <summary>The rows as objects, read while they are enumerated.</summary>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject,
        bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        _env.CheckValue(data, nameof(data));
        var binding = new RowBinding<TRow>(_env, data.Schema, ignoreMissingColumns, schemaDefinition);
        return RowsOf(data, binding, reuseRowObject);
    }

    /// <summary>Keeps each column in memory once it was read.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _env.CheckValue(input, nameof(input));
        var prefetch = Array.ConvertAll(columnsToPrefetch ?? [], name => input.Schema.GetColumnOrNull(name)?.Index
            ?? throw _env.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name));
        return new CacheDataView(_env, input, prefetch);
    }

    /// <summary>Keeps the rows whose value lies in [lowerBound, upperBound).</summary>
    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity,
        double upperBound = double.PositiveInfinity)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckNonEmpty(columnName, nameof(columnName));
        _env.CheckParam(lowerBound < upperBound, nameof(upperBound), "Must be less than lowerBound");
        var column = input.Schema[columnName];
        if (column.Type is not NumberDataViewType)
            throw _env.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "number", column.Type.ToString());
        if (column.Type != NumberDataViewType.Single && column.Type != NumberDataViewType.Double)
            throw _env.ExceptUserArg("Column", $"Column '{columnName}' does not have compatible type");
        return RowFraction.Value(column).Filter(_env.Register("RangeFilter"), input, lowerBound, upperBound, includeMax: false, complement: false);
    }

    /// <summary>Keeps the rows whose key, as a fraction of the key count, lies in [lowerBound, upperBound).</summary>
    public IDataView FilterRowsByKeyColumnFraction(IDataView input, string columnName, double lowerBound = 0, double upperBound = 1)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckNonEmpty(columnName, nameof(columnName));
        _env.CheckParam(lowerBound is >= 0 and <= 1, nameof(lowerBound), "Must be in [0, 1]");
        _env.CheckParam(upperBound is >= 0 and <= 1, nameof(upperBound), "Must be in [0, 1]");
        _env.CheckParam(lowerBound <= upperBound, nameof(upperBound), "Must be no less than lowerBound");
        var column = input.Schema[columnName];
        if (column.Type.GetKeyCount() == 0)
            throw _env.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "KeyType", column.Type.ToString());
        return RowFraction.Key(column).Filter(_env.Register("RangeFilter"), input, lowerBound, upperBound, includeMax: false, complement: false);
    }

    /// <summary>Drops the rows with a missing value in any of the columns, which must be of type Single, Double or key, or vectors of these.</summary>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(columns?.Length > 0, nameof(columns), "Must name at least one column");
        var host = _env.Register("MissingValueFilter");
        var sources = Array.ConvertAll(columns, name => input.Schema.GetColumnOrNull(name)
            ?? throw host.ExceptUserArg("Columns", $"Source column '{name}' not found"));
        foreach (var source in sources)
        {
            if (!MissingValueTest.CanBeMissing(source.Type))
            {
                throw host.ExceptUserArg("Columns",
                    $"Column '{source.Name}' has type {source.Type} which does not support missing values, so we cannot filter on them");
            }
        }
        return new FilteredView(host, input, sources, row =>
        {
            var tests = Array.ConvertAll(sources, source => MissingValueTest.Make(row, row.Schema[source.Index]));
            return () => Array.TrueForAll(tests, test => test());
        });
    }

    /// <summary>The rows in random order, the same for every cursor.</summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffledView(_env.Register("Shuffle"), input, shufflePoolSize, shuffleSource, seed);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeView(_env.Register("SkipTakeFilter"), input, count, long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeView(_env.Register("SkipTakeFilter"), input, 0, count);
    }

    /// <summary>Divides the rows at random, or by a column so that rows with the same value stay together.</summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(testFraction is > 0 and < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        return DataSplitter.TrainTestSplit(_env, data, testFraction, samplingKeyColumnName, seed);
    }

    /// <summary>Divides the rows into folds, each of which is the test set of one of the results.</summary>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        return DataSplitter.CrossValidationSplit(_env, data, numberOfFolds, samplingKeyColumnName, seed);
    }

    private static IEnumerable<TRow> RowsOf<TRow>(IDataView data, RowBinding<TRow> binding, bool reuseRowObject)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(binding.Sources);
        var setters = binding.Setters(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (row is null || !reuseRowObject)
                row = new TRow();
            foreach (var set in setters)
                set(row);
            yield return row;
        }
    }
}
