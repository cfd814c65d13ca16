using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(NormalizingTransformer), null, typeof(SignatureLoadModel), "", NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Brings the slots of columns to the scale that was learned.</summary>
public sealed partial class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";
    private const uint DimensionsSince = 0x00010002;

    private readonly (DataViewType Type, ColumnFunction Function)[] _columns;

    private NormalizingTransformer(IHost host, NormalizerColumn[] columns, (DataViewType Type, ColumnFunction Function)[] learned)
        : base(host, Array.ConvertAll(columns, column => (column.Name, column.InputColumnName))) => _columns = learned;

    // Format: the pairs of columns, then per pair the type of the input; the functions are parts of their own.
    private NormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _columns = new (DataViewType, ColumnFunction)[ColumnPairs.Length];
        for (int i = 0; i < _columns.Length; i++)
        {
            var type = LoadType(host, ctx);
            ctx.LoadModel<ColumnFunction, SignatureLoadColumnFunction>(host, out var function, Folder(i), host, type);
            _columns[i] = (type, function);
        }
    }

    /// <summary>What was learned of a column, counted from 0.</summary>
    public NormalizerModelParametersBase GetNormalizerModelParameters(int index)
    {
        Contracts.CheckParam(index >= 0 && index < _columns.Length, nameof(index),
            $"Not valid. Valid range is from 0 (inclusive) to {_columns.Length} (exclusive) but got {index}.");
        return _columns[index].Function.Parameters;
    }

    internal static NormalizingTransformer Train(IHost host, IDataView data, NormalizerColumn[] columns)
    {
        var sources = Array.ConvertAll(columns, column => data.Schema.GetColumnOrNull(column.InputColumnName)
            ?? throw host.ExceptSchemaMismatch(nameof(data), "input", column.InputColumnName));
        foreach (var source in sources)
        {
            if (!CanNormalize(source.Type))
            {
                throw host.ExceptParam(
                    "srcType", $"Wrong column type for input column. Expected: Single, Double, Vector of Single or Vector of Double. Got: {source.Type}.");
            }
        }
        using var cursor = data.GetRowCursor(sources.DistinctBy(source => source.Index));
        var learners = columns.Zip(sources, (column, source) => column.MakeLearner(host, cursor, source)).ToArray();
        var wanting = new List<NormalizerLearner>(learners);
        while (wanting.Count > 0 && cursor.MoveNext())
        {
            host.CheckAlive();
            wanting.RemoveAll(learner => !learner.ProcessRow());
        }
        return new NormalizingTransformer(host.Register(nameof(NormalizingTransformer)), columns,
            [.. sources.Zip(learners, (source, learner) => (source.Type, learner.MakeFunction()))]);
    }

    private static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new(env.Register(nameof(NormalizingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "NORMALZR",
        verWrittenCur: DimensionsSince,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(NormalizingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        for (int i = 0; i < _columns.Length; i++)
        {
            SaveType(ctx, _columns[i].Type);
            ctx.SaveSubModel(Folder(i), _columns[i].Function.Save);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static string Folder(int column) => $"Normalizer_{column:000}";

    private static bool CanNormalize(DataViewType type)
        => type is not VectorDataViewType { IsKnownSize: false } && (type.GetItemType() == NumberDataViewType.Single || type.GetItemType() == NumberDataViewType.Double);

    // Format: bool vector, byte kind, counted int32 dimensions of a vector.
    private static void SaveType(ModelSaveContext ctx, DataViewType type)
    {
        ctx.Writer.Write(type is VectorDataViewType);
        ctx.Writer.Write((byte)type.GetItemType().GetRawKind());
        if (type is VectorDataViewType vector)
            ctx.Writer.WriteCountedArray(vector.Dimensions.AsSpan());
    }

    private static DataViewType LoadType(IHost host, ModelLoadContext ctx)
    {
        bool isVector = ctx.Reader.ReadBoolean();
        bool hasDimensions = ctx.Header.ModelVerWritten >= DimensionsSince;
        int size = hasDimensions ? 0 : ctx.Reader.ReadInt32();
        var kind = (InternalDataKind)ctx.Reader.ReadByte();
        host.CheckDecode(kind is InternalDataKind.R4 or InternalDataKind.R8, "Corrupt model file: a normalizer is for neither Single nor Double");
        var item = ColumnTypeExtensions.PrimitiveTypeFromKind(kind);
        if (!isVector)
            return item;
        int[] dimensions = hasDimensions ? ctx.Reader.ReadCountedArray<int>() : [size];
        host.CheckDecode(dimensions.Length > 0 && Array.TrueForAll(dimensions, dimension => dimension > 0), "Corrupt model file: a normalizer is for vectors of no known size");
        return new VectorDataViewType(item, dimensions);
    }

    private sealed class Mapper : OneToOneMapper
    {
        private readonly NormalizingTransformer _parent;

        public Mapper(NormalizingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _parent = parent;
            foreach (var input in Inputs)
            {
                const string Expected = "scalar or known-size vector of Single";
                if (!CanNormalize(input.Type))
                {
                    throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, Expected,
                        input.Type is VectorDataViewType { IsKnownSize: false } ? "variable-size vector" : input.Type.ToString());
                }
            }
        }

        protected override DataViewSchema.DetachedColumn[] MakeOutputColumns()
            => [.. Inputs.Select((input, i) => new DataViewSchema.DetachedColumn(Pairs[i].outputColumnName, _parent._columns[i].Type, AnnotationUtils.OfNormalized(input)))];

        public override Delegate MakeGetter(DataViewRow input, int output)
            => _parent._columns[output].Function.MakeGetter(input, input.Schema[Inputs[output].Index]);
    }
}
