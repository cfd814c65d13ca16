using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel),
    KeyToValueMappingTransformer.UserName, KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys back to the values named in the column's key value annotation.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string UserName = "Key To Value Transform";
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "KEY2VALT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(KeyToValueMappingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapper
    {
        private readonly PrimitiveDataViewType[] _valueTypes;

        public Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent, inputSchema)
            => _valueTypes = Array.ConvertAll(Inputs, input =>
            {
                var values = input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
                Host.Check(values is not null, "Metadata KeyValues does not exist");
                Host.Check(input.Type.GetItemType().GetKeyCount() == (ulong)values.Size, "KeyValues metadata size does not match column type key count");
                return values.ItemType;
            });

        protected override DataViewSchema.DetachedColumn[] MakeOutputColumns() => [.. Inputs.Select((input, i) =>
        {
            DataViewType type = input.Type is VectorDataViewType vectorType ? new VectorDataViewType(_valueTypes[i], vectorType.Dimensions) : _valueTypes[i];
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(input.Annotations, name => name == AnnotationUtils.Kinds.SlotNames);
            return new DataViewSchema.DetachedColumn(Pairs[i].outputColumnName, type, annotations.ToAnnotations());
        })];

        public override Delegate MakeGetter(DataViewRow input, int output)
            => GenericCall.Invoke<Delegate>(MakeGetter<uint, int>, Inputs[output].Type.GetItemType().RawType, _valueTypes[output].RawType, input, output);

        private Delegate MakeGetter<TKey, TValue>(DataViewRow input, int output)
        {
            var source = input.Schema[Inputs[output].Index];
            VBuffer<TValue> annotation = default;
            Inputs[output].GetKeyValues(ref annotation);
            TValue[] values = [.. annotation.DenseValues()];
            var missing = ValueTraits.MissingOrDefault<TValue>(_valueTypes[output]);

            if (source.Type is not VectorDataViewType)
            {
                var get = input.GetGetter<TKey>(source);
                TKey key = default;
                return (ValueGetter<TValue>)((ref TValue dst) =>
                {
                    get(ref key);
                    dst = Map(key);
                });
            }

            var getVector = input.GetGetter<VBuffer<TKey>>(source);
            VBuffer<TKey> keys = default;
            return (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> dst) =>
            {
                getVector(ref keys);
                var editor = VBufferEditor.Create(ref dst, keys.Length);
                int slot = 0;
                foreach (var key in keys.DenseValues())
                    editor.Values[slot++] = Map(key);
                dst = editor.Commit();
            });

            TValue Map(TKey key)
            {
                ulong number = Convert.ToUInt64(key, null);
                return number >= 1 && number <= (ulong)values.Length ? values[number - 1] : missing;
            }
        }
    }
}
