using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(TextLoader.Summary, typeof(TextLoader), null, typeof(SignatureLoadModel), "Text Loader", TextLoader.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Loads text files, a row per line.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    internal const string Summary = "Loads text data file.";
    internal const string LoaderSignature = "TextLoader";
    private const string RegistrationName = "TextLoader";
    private const string HeaderEntry = "Header.txt";

    private readonly IHost _host;
    private readonly TextFormat _format;
    private readonly TextColumn[] _columns;
    private readonly string _header;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options options = null, IMultiStreamSource dataSample = null)
    {
        options ??= new Options();
        _host = env.Register(RegistrationName);
        _format = new TextFormat(_host, options);
        dataSample ??= new MultiFileSource(null);
        var headerFile = string.IsNullOrWhiteSpace(options.HeaderFile) ? null : new MultiFileSource(options.HeaderFile);
        Column[] columns = options.Columns is { Length: > 0 } given ? given
            : [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, [new(1, null)])];
        _columns = new TextColumnBinder(_host, _format, dataSample).Bind(columns);
        if (_format.HasHeader || headerFile is not null)
            _header = TextLines.Read(headerFile ?? dataSample, _format, withHeader: true).Select(line => line.Text).FirstOrDefault();
        _schema = TextSchema.Create(_format, _columns, _header);
    }

    private TextLoader(IHost host, ModelLoadContext ctx)
    {
        _host = host;
        _format = new TextFormat(host, ctx.Reader);
        int count = ctx.Reader.ReadInt32();
        host.CheckDecode(count > 0, "Loader without columns");
        var columns = new List<TextColumn>();
        for (int i = 0; i < count; i++)
            columns.Add(TextColumn.Load(host, ctx));
        _columns = [.. columns];
        string header = null;
        ctx.TryLoadTextStream(HeaderEntry, reader => header = reader.ReadLine());
        _header = header;
        _schema = TextSchema.Create(_format, _columns, _header);
    }

    /// <summary>A loader of the members of a type, each of which says with <see cref="LoadColumnAttribute"/> where it is found.</summary>
    internal static TextLoader Create<TInput>(IHostEnvironment env, Options options, IMultiStreamSource dataSample)
    {
        options ??= new Options();
        var members = RowMembers.Readable(typeof(TInput));
        env.CheckParam(members.Length > 0, nameof(TInput), "Should define at least one public, readable field or property in TInput.");
        options.Columns = Array.ConvertAll(members, member => ColumnOf(env, member));
        return new TextLoader(env, options, dataSample);
    }

    private static Column ColumnOf(IHostEnvironment env, MemberInfo member)
    {
        var kindOfMember = member is FieldInfo ? "Field" : "Property";
        var load = member.GetCustomAttribute<LoadColumnAttribute>()
            ?? throw env.Except($"{kindOfMember} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
        var type = RowMembers.TypeOf(member);
        if (!(type.IsArray ? type.GetElementType() : type).TryGetDataKind(out var kind))
            throw Contracts.Except($"{kindOfMember} {member.Name} is of unsupported type.");
        var key = member.GetCustomAttribute<KeyTypeAttribute>();
        return new Column(member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name, kind.ToDataKind(), load.Sources,
            key is null ? null : new KeyCount(key.Count));
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source)
    {
        _host.CheckValue(source, nameof(source));
        return new TextFileView(_host, _format, _columns, _schema, source);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "TXTLOADR",
        verWrittenCur: 0x0001000E,
        verReadableCur: 0x0001000A,
        verWeCanReadBack: 0x0001000E,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(TextLoader).Assembly.FullName);

    private static TextLoader Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new(env.Register(RegistrationName), ctx);
    }

    // Format: the form of the text, int32 number of columns, the columns; the header, if there is one, as text beside it.
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        _host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        _format.Save(ctx.Writer);
        ctx.Writer.Write(_columns.Length);
        foreach (var column in _columns)
            column.Save(ctx);
        if (!string.IsNullOrEmpty(_header))
            ctx.SaveTextStream(HeaderEntry, writer => writer.WriteLine(_header));
    }
}
