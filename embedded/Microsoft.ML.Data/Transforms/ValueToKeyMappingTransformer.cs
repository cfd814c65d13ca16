using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(ValueToKeyMappingTransformer.Summary, typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel),
    ValueToKeyMappingTransformer.UserName, ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Maps values to keys by a dictionary built when it was fitted.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string Summary = "Converts input values (words, numbers, etc.) to index in a dictionary.";
    internal const string UserName = "Term Transform";
    internal const string LoaderSignature = "TermTransform";
    private const string TermManagerLoaderSignature = "TermManager";
    private const string RegistrationName = "Term";
    private const string VocabularyDirectory = "Vocabulary";

    private readonly TermMap[] _maps;
    private readonly bool[] _keyValuesAsText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, ValueToKeyMappingEstimator.ColumnOptions[] columns, TermMap[] maps)
        : base(env.Register(RegistrationName), Array.ConvertAll(columns, column => (column.OutputColumnName, column.InputColumnName)))
    {
        _maps = maps;
        _keyValuesAsText = Array.ConvertAll(columns, column => column.AddKeyValueAnnotationsAsText);
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _keyValuesAsText = Array.ConvertAll(ColumnPairs, _ => ctx.Reader.ReadByte() != 0);
        var maps = new List<TermMap>();
        bool found = ctx.TryProcessSubModel(VocabularyDirectory, vocabulary =>
        {
            vocabulary.CheckAtModel(GetTermManagerVersionInfo());
            host.CheckDecode(vocabulary.Reader.ReadInt32() == ColumnPairs.Length, "Number of vocabularies differs from number of columns");
            for (int i = 0; i < ColumnPairs.Length; i++)
                maps.Add(TermMap.Load(host, vocabulary));
        });
        if (!found)
            throw host.ExceptDecode($"Missing {VocabularyDirectory} model");
        _maps = [.. maps];
    }

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new(env.Register(RegistrationName), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "TERMTRNF",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ValueToKeyMappingTransformer).Assembly.FullName);

    private static VersionInfo GetTermManagerVersionInfo() => new(
        modelSignature: "TERM MAN",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010002,
        loaderSignature: TermManagerLoaderSignature,
        loaderAssemblyName: typeof(ValueToKeyMappingTransformer).Assembly.FullName);

    // Format: the column pairs, one byte per column (key values as text), and the vocabularies in a model of their own.
    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (bool asText in _keyValuesAsText)
            ctx.Writer.Write((byte)(asText ? 1 : 0));
        ctx.SaveSubModel(VocabularyDirectory, vocabulary =>
        {
            vocabulary.CheckAtModel();
            vocabulary.SetVersionInfo(GetTermManagerVersionInfo());
            vocabulary.Writer.Write(_maps.Length);
            foreach (var map in _maps)
                map.Save(vocabulary);
            vocabulary.SaveTextStream("Terms.txt", writer =>
            {
                foreach (var map in _maps)
                    map.WriteText(writer);
            });
        });
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly ValueToKeyMappingTransformer _parent;

        public Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
        {
            _parent = parent;
            for (int i = 0; i < Inputs.Length; i++)
            {
                ValueToKeyMappingEstimator.CheckType(Host, Inputs[i], nameof(inputSchema));
                if (!Inputs[i].Type.GetItemType().Equals(parent._maps[i].ItemType))
                {
                    throw Host.Except($"Could not apply a map over type '{parent._maps[i].ItemType}' to column '{Pairs[i].outputColumnName}' " +
                        $"since it has type '{Inputs[i].Type.GetItemType()}'");
                }
            }
        }

        protected override DataViewSchema.DetachedColumn[] MakeOutputColumns() => [.. Inputs.Select((input, i) =>
        {
            var map = _parent._maps[i];
            DataViewType type = input.Type is VectorDataViewType vectorType ? new VectorDataViewType(map.OutputType, vectorType.Dimensions) : map.OutputType;
            var annotations = new DataViewSchema.Annotations.Builder();
            KeyOfKeyAnnotations.AddKeyValues(annotations, input, map, _parent._keyValuesAsText[i]);
            annotations.Add(input.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
            return new DataViewSchema.DetachedColumn(Pairs[i].outputColumnName, type, annotations.ToAnnotations());
        })];

        public override Delegate MakeGetter(DataViewRow input, int output)
            => _parent._maps[output].MakeGetter(input, input.Schema[Inputs[output].Index]);
    }
}
