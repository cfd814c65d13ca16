using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(ColumnSelectingTransformer.Summary, typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel),
    ColumnSelectingTransformer.UserName, ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the named columns, in the order named, or drops them.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string Summary = "Selects which columns from the dataset to keep.";
    internal const string UserName = "Select Columns Transform";
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly IHost _host;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden = false, bool ignoreMissing = false)
    {
        _host = env.Register(nameof(ColumnSelectingTransformer));
        bool keep = keepColumns?.Length > 0, drop = dropColumns?.Length > 0;
        _host.Check(!(keep && drop), "Both keepColumns and dropColumns are set. Exactly one can be specified.");
        _host.Check(keep || drop, "Neither keepColumns and dropColumns is set. Exactly one must be specified.");
        Columns = keep ? keepColumns : dropColumns;
        KeepColumns = keep;
        KeepHidden = keepHidden;
        IgnoreMissing = ignoreMissing;
    }

    /// <summary>The columns kept or dropped.</summary>
    internal IReadOnlyList<string> Columns { get; }

    internal bool KeepColumns { get; }

    internal bool KeepHidden { get; }

    internal bool IgnoreMissing { get; }

    bool ITransformer.IsRowToRowMapper => true;

    internal static IDataView CreateDrop(IHostEnvironment env, IDataView input, params string[] dropColumns)
        => new ColumnSelectingTransformer(env, null, dropColumns).Transform(input);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => SelectedView.MakeSchema(inputSchema, Bind(inputSchema, nameof(inputSchema)));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => new SelectedView(_host, new EmptyDataView(_host, inputSchema), Bind(inputSchema, nameof(inputSchema)));

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new SelectedView(_host, input, Bind(input.Schema, nameof(input)));
    }

    internal void CheckNames(IEnumerable<string> present, string param)
    {
        if (!IgnoreMissing && Columns.Except(present).ToArray() is { Length: > 0 } missing)
            throw _host.ExceptSchemaMismatch(param, "input", string.Join(",", missing));
    }

    private int[] Bind(DataViewSchema schema, string param)
    {
        _host.CheckValue(schema, param);
        CheckNames(schema.Select(column => column.Name), param);
        // A hidden column goes when its name is dropped; when columns are kept, it needs KeepHidden.
        var columns = KeepColumns
            ? Columns.SelectMany(name => schema.Where(column => column.Name == name && (KeepHidden || !column.IsHidden)))
            : schema.Where(column => !Columns.Contains(column.Name));
        return [.. columns.Select(column => column.Index)];
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "SELCOLST",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ColumnSelectingTransformer).Assembly.FullName);

    // Format: three bytes (keep, keep hidden, ignore missing), int32 number of names, the names.
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write((byte)(KeepColumns ? 1 : 0));
        ctx.Writer.Write((byte)(KeepHidden ? 1 : 0));
        ctx.Writer.Write((byte)(IgnoreMissing ? 1 : 0));
        ctx.Writer.Write(Columns.Count);
        foreach (var name in Columns)
            ctx.SaveNonEmptyString(name);
    }

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        bool keep = ctx.Reader.ReadByte() != 0, keepHidden = ctx.Reader.ReadByte() != 0, ignoreMissing = ctx.Reader.ReadByte() != 0;
        int count = ctx.Reader.ReadInt32();
        env.CheckDecode(count >= 0, "Negative number of columns");
        var names = new List<string>();
        for (int i = 0; i < count; i++)
            names.Add(ctx.LoadNonEmptyString());
        return new(env, keep ? [.. names] : null, keep ? null : [.. names], keepHidden, ignoreMissing);
    }
}
