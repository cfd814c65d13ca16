using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel),
    ColumnConcatenatingTransformer.UserName, ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string UserName = "Concat Transform";
    internal const string LoaderSignature = "ConcatTransform";
    internal const string LoaderSignatureOld = "ConcatFunction";

    private readonly ColumnOptions[] _columns;

    /// <summary>One output: its name, its sources and, per source, the name to use in slot names instead of the column's, or null.</summary>
    internal sealed record ColumnOptions(string Name, (string Name, string Alias)[] Sources);

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        : this(env.Register(nameof(ColumnConcatenatingTransformer)),
            [new(outputColumnName, Array.ConvertAll(inputColumnNames, name => (name, (string)null)))])
    {
    }

    private ColumnConcatenatingTransformer(IHost host, ColumnOptions[] columns)
        : base(host) => _columns = columns;

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(Host, schema, _columns);

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "CONCAT F",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderSignatureAlt: LoaderSignatureOld,
        loaderAssemblyName: typeof(ColumnConcatenatingTransformer).Assembly.FullName);

    // Format: int32 number of outputs; per output its name, int32 number of sources, per source its name and its alias or null.
    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(_columns.Length);
        foreach (var column in _columns)
        {
            ctx.SaveNonEmptyString(column.Name);
            ctx.Writer.Write(column.Sources.Length);
            foreach (var (name, alias) in column.Sources)
            {
                ctx.SaveNonEmptyString(name);
                ctx.SaveStringOrNull(alias);
            }
        }
    }

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var host = env.Register(nameof(ColumnConcatenatingTransformer));
        ctx.CheckAtModel(GetVersionInfo());
        int count = ctx.Reader.ReadInt32();
        host.CheckDecode(count > 0, "No output columns");
        var columns = new List<ColumnOptions>();
        for (int i = 0; i < count; i++)
        {
            var name = ctx.LoadNonEmptyString();
            int sourceCount = ctx.Reader.ReadInt32();
            host.CheckDecode(sourceCount > 0, "No source columns");
            var sources = new List<(string, string)>();
            for (int j = 0; j < sourceCount; j++)
                sources.Add((ctx.LoadNonEmptyString(), ctx.LoadStringOrNull()));
            columns.Add(new(name, [.. sources]));
        }
        return new(host, [.. columns]);
    }

    private sealed class Mapper(IHost host, DataViewSchema inputSchema, ColumnOptions[] columns) : RowMapper(host, inputSchema)
    {
        private readonly ConcatenatedColumn[] _columns = Array.ConvertAll(columns, column => new ConcatenatedColumn(host, inputSchema, column));

        protected override DataViewSchema.DetachedColumn[] MakeOutputColumns() => Array.ConvertAll(_columns, column => column.ToDetachedColumn());

        public override IEnumerable<int> Dependencies(int output) => _columns[output].Sources.Select(source => source.Index);

        public override Delegate MakeGetter(DataViewRow input, int output) => _columns[output].MakeGetter(input);
    }
}
