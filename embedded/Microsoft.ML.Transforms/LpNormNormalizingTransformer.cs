using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(LpNormNormalizingTransformer.Summary, typeof(LpNormNormalizingTransformer), null, typeof(SignatureLoadModel),
    LpNormNormalizingTransformer.UserName, LpNormNormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Scales each vector by a norm of it.</summary>
public sealed class LpNormNormalizingTransformer : OneToOneTransformerBase
{
    internal const string Summary = "Scales each vector to norm 1, with or without its mean.";
    internal const string UserName = "Global Contrast Normalization Transform";
    internal const string LoaderSignature = "GcnTransform";
    private const uint AnyNormSince = 0x00010002;
    private const uint NoSizeSince = 0x00010003;

    private readonly LpNormColumn[] _columns;

    internal LpNormNormalizingTransformer(IHostEnvironment env, params LpNormColumn[] columns)
        : base(env.Register(nameof(LpNormNormalizingTransformer)), Array.ConvertAll(columns, column => (column.Name, column.InputColumnName)))
        => _columns = columns;

    private LpNormNormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => _columns = Array.ConvertAll(ColumnPairs, pair => LpNormColumn.Load(ctx, pair.outputColumnName, pair.inputColumnName, ctx.Header.ModelVerWritten >= AnyNormSince));

    private static LpNormNormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        if (ctx.Header.ModelVerWritten < NoSizeSince)
            env.CheckDecode(ctx.Reader.ReadInt32() == sizeof(float), "This file was saved by an incompatible version");
        return new(env.Register(nameof(LpNormNormalizingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "GCNORMAF",
        verWrittenCur: NoSizeSince,
        verReadableCur: NoSizeSince,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderSignatureAlt: "GcnFunction",
        loaderAssemblyName: typeof(LpNormNormalizingTransformer).Assembly.FullName);

    // Format: the pairs of columns, then each column.
    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (var column in _columns)
            column.Save(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly LpNormColumn[] _columns;

        public Mapper(LpNormNormalizingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _columns = parent._columns;
            foreach (var input in Inputs)
            {
                if (input.Type is not VectorDataViewType { IsKnownSize: true } || !input.Type.IsOf<float>())
                    throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, LpNormNormalizingEstimatorBase.ExpectedColumnType, input.Type.ToString());
            }
        }

        protected override DataViewSchema.DetachedColumn[] MakeOutputColumns()
            => [.. Inputs.Select((input, i) => new DataViewSchema.DetachedColumn(Pairs[i].outputColumnName, input.Type, AnnotationUtils.OfNormalized(input)))];

        public override Delegate MakeGetter(DataViewRow input, int output)
        {
            var get = input.GetGetter<VBuffer<float>>(input.Schema[Inputs[output].Index]);
            VBuffer<float> source = default;
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> result) =>
            {
                get(ref source);
                _columns[output].Apply(in source, ref result);
            });
        }
    }
}
