using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Builds the dictionary from values to keys.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    internal static class Defaults
    {
        public const int MaximumNumberOfKeys = 1000000;
        public const KeyOrdinality Ordinality = KeyOrdinality.ByOccurrence;
        public const bool AddKeyValueAnnotationsAsText = false;
    }

    /// <summary>How keys are numbered.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>In the order in which values first occur.</summary>
        ByOccurrence = 0,

        /// <summary>In the order of the values; text in ordinal order.</summary>
        ByValue = 1,
    }

    internal sealed record ColumnOptions(string OutputColumnName, string InputColumnName, int MaximumNumberOfKeys, KeyOrdinality KeyOrdinality,
        bool AddKeyValueAnnotationsAsText);

    private readonly IHost _host;
    private readonly ColumnOptions[] _columns;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, ColumnOptions[] columns, IDataView keyData = null)
    {
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _host.CheckNonEmpty(columns, nameof(columns));
        foreach (var column in columns)
            _host.CheckNonWhiteSpace(column.OutputColumnName, "outputColumnName");
        if (keyData is not null && keyData.Schema.Count != 1)
        {
            throw _host.ExceptParam(nameof(keyData),
                $"If specified, this data view should contain only a single column containing the terms to map, but this had {keyData.Schema.Count} columns.");
        }
        _columns = columns;
        _keyData = keyData;
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        using var channel = _host.Start("Training");
        var sources = Array.ConvertAll(_columns, options =>
        {
            var source = input.Schema.GetColumnOrNull(options.InputColumnName)
                ?? throw _host.ExceptSchemaMismatch("inputSchema", "input", options.InputColumnName);
            CheckType(_host, source, "inputSchema");
            return source;
        });
        var maps = _keyData is null ? MapsFromRows(channel, input, sources) : MapsFromKeyData(channel, sources);
        return new ValueToKeyMappingTransformer(_host, _columns, maps);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(x => x.Name);
        foreach (var options in _columns)
        {
            if (!inputSchema.TryFindColumn(options.InputColumnName, out var source) || !source.ItemType.IsStandardScalar())
                throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", options.InputColumnName);
            if (!source.IsKey || !source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var keyValues)
                || keyValues.Kind != SchemaShape.Column.VectorKind.Vector)
            {
                keyValues = new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector,
                    options.AddKeyValueAnnotationsAsText ? TextDataViewType.Instance : source.ItemType, source.IsKey);
            }
            bool hasSlotNames = source.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var slotNames);
            SchemaShape.Column[] annotations = hasSlotNames ? [slotNames, keyValues] : [keyValues];
            result[options.OutputColumnName] = new SchemaShape.Column(options.OutputColumnName, source.Kind, NumberDataViewType.UInt32, true,
                new SchemaShape(annotations));
        }
        return new SchemaShape(result.Values);
    }

    internal static void CheckType(IExceptionContext ectx, DataViewSchema.Column source, string param)
    {
        var itemType = source.Type.GetItemType();
        if (itemType is not KeyDataViewType && !itemType.IsStandardScalar())
            throw ectx.ExceptSchemaMismatch(param, "input", source.Name, "standard type or a vector of standard type", source.Type.ToString());
    }

    private TermMap[] MapsFromRows(IChannel channel, IDataView input, DataViewSchema.Column[] sources)
    {
        foreach (var options in _columns)
            channel.CheckUserArg(options.MaximumNumberOfKeys > 0, nameof(options.MaximumNumberOfKeys), "Must be positive");
        var sets = Array.ConvertAll(sources, source => TermSet.Create((PrimitiveDataViewType)source.Type.GetItemType()));
        using (var cursor = input.GetRowCursor(sources.DistinctBy(source => source.Index)))
            Collect(cursor, [.. sets.Select((set, i) => set.MakeCollector(cursor, sources[i], _columns[i].MaximumNumberOfKeys))]);
        return [.. sets.Select((set, i) =>
        {
            if (set.Count == 0)
                channel.Warning($"Term map for output column '{_columns[i].OutputColumnName}' contains no entries.");
            return set.ToMap(_columns[i].KeyOrdinality == KeyOrdinality.ByValue);
        })];
    }

    private TermMap[] MapsFromKeyData(IChannel channel, DataViewSchema.Column[] sources)
    {
        var column = _keyData.Schema[0];
        var itemType = sources[0].Type.GetItemType();
        if (!column.Type.Equals(itemType))
            throw channel.ExceptUserArg("keyData", $"Input data's column must be of type '{itemType}' but was '{column.Type}'");
        for (int i = 1; i < sources.Length; i++)
        {
            if (!sources[i].Type.GetItemType().Equals(itemType))
            {
                throw channel.ExceptParam("keyData", $"Terms from input data type '{itemType}' but mismatches column " +
                    $"'{_columns[i].OutputColumnName}' item type '{sources[i].Type.GetItemType()}'");
            }
        }
        var set = TermSet.Create((PrimitiveDataViewType)itemType);
        using (var cursor = _keyData.GetRowCursor([column]))
            Collect(cursor, [set.MakeCollector(cursor, column, int.MaxValue)]);
        if (set.Count == 0)
            channel.Warning("Map from the term data resulted in an empty map.");
        var map = set.ToMap(_columns[0].KeyOrdinality == KeyOrdinality.ByValue);
        return Array.ConvertAll(sources, _ => map);
    }

    private void Collect(DataViewRowCursor cursor, List<Func<bool>> collectors)
    {
        while (collectors.Count > 0 && cursor.MoveNext())
        {
            _host.CheckAlive();
            collectors.RemoveAll(collect => !collect());
        }
    }
}
