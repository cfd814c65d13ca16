using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>One concatenated column bound to a schema: its type, its annotations and its getter.</summary>
internal sealed class ConcatenatedColumn
{
    private readonly ColumnConcatenatingTransformer.ColumnOptions _options;
    private readonly VectorDataViewType _type;

    public ConcatenatedColumn(IExceptionContext ectx, DataViewSchema inputSchema, ColumnConcatenatingTransformer.ColumnOptions options)
    {
        _options = options;
        Sources = Array.ConvertAll(options.Sources, source => inputSchema.GetColumnOrNull(source.Name)
            ?? throw ectx.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name));
        var itemType = Sources[0].Type.GetItemType();
        int size = 0;
        bool known = true;
        foreach (var source in Sources)
        {
            if (!source.Type.GetItemType().Equals(itemType))
                throw ectx.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, itemType.ToString(), source.Type.ToString());
            known &= source.Type.GetValueCount() > 0;
            size += source.Type.GetValueCount();
        }
        _type = new VectorDataViewType((PrimitiveDataViewType)itemType, known ? size : 0);
    }

    public DataViewSchema.Column[] Sources { get; }

    // A single vector passes through with everything it carries.
    private bool IsIdentity => Sources is [{ Type: VectorDataViewType }];

    public DataViewSchema.DetachedColumn ToDetachedColumn()
    {
        if (IsIdentity)
            return new(_options.Name, Sources[0].Type, Sources[0].Annotations);
        var annotations = new DataViewSchema.Annotations.Builder();
        if (_type.ItemType is NumberDataViewType && Sources.All(source => source.IsNormalized()))
            annotations.Add(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, (ValueGetter<bool>)((ref bool dst) => dst = true));
        if (_type.Size > 0 && Sources.Any(source => source.Type is not VectorDataViewType || source.HasSlotNames()))
        {
            annotations.Add(AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, _type.Size),
                (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)SlotNames);
        }
        if (_type.Size > 0)
            AddCategoricalRanges(annotations);
        return new(_options.Name, _type, annotations.ToAnnotations());
    }

    private void SlotNames(ref VBuffer<ReadOnlyMemory<char>> dst)
    {
        var editor = VBufferEditor.Create(ref dst, _type.Size);
        editor.Values.Clear();
        int slot = 0;
        for (int i = 0; i < Sources.Length; i++)
        {
            var source = Sources[i];
            var name = _options.Sources[i].Alias ?? source.Name;
            if (source.Type is VectorDataViewType && source.HasSlotNames())
            {
                VBuffer<ReadOnlyMemory<char>> inner = default;
                source.GetSlotNames(ref inner);
                var prefix = _options.Sources[i].Alias == source.Name ? "" : name + ".";
                foreach (var pair in inner.Items())
                {
                    if (!pair.Value.IsEmpty)
                        editor.Values[slot + pair.Key] = (prefix + pair.Value).AsMemory();
                }
            }
            else if (source.Type is not VectorDataViewType)
                editor.Values[slot] = name.AsMemory();
            slot += source.Type.GetValueCount();
        }
        dst = editor.Commit();
    }

    /// <summary>Ranges of slots that belong to one categorical feature, moved to where the source now lies.</summary>
    private void AddCategoricalRanges(DataViewSchema.Annotations.Builder annotations)
    {
        var ranges = new List<int>();
        int slot = 0;
        foreach (var source in Sources)
        {
            if (source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.CategoricalSlotRanges)?.Type is VectorDataViewType { ItemType.RawType: var raw }
                && raw == typeof(int))
            {
                VBuffer<int> inner = default;
                source.Annotations.GetValue(AnnotationUtils.Kinds.CategoricalSlotRanges, ref inner);
                ranges.AddRange(inner.DenseValues().Select(value => value + slot));
            }
            slot += source.Type.GetValueCount();
        }
        if (ranges.Count == 0)
            return;
        var values = new VBuffer<int>(ranges.Count, [.. ranges]);
        annotations.Add(AnnotationUtils.Kinds.CategoricalSlotRanges, new VectorDataViewType(NumberDataViewType.Int32, ranges.Count / 2, 2),
            (ValueGetter<VBuffer<int>>)((ref VBuffer<int> dst) => values.CopyTo(ref dst)));
    }

    public Delegate MakeGetter(DataViewRow input)
        => IsIdentity ? Getters.Of(input, input.Schema[Sources[0].Index]) : GenericCall.Invoke<Delegate>(MakeGetter<int>, _type.ItemType.RawType, input);

    private ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow input)
    {
        var readers = Array.ConvertAll(Sources, source => MakeReader<T>(input, input.Schema[source.Index]));
        var parts = new VBuffer<T>[readers.Length];
        return (ref VBuffer<T> dst) =>
        {
            int length = 0, count = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                readers[i](ref parts[i]);
                length = checked(length + parts[i].Length);
                count += parts[i].GetValues().Length;
            }
            dst = count <= length / 2 ? JoinSparse(parts, ref dst, length, count) : JoinDense(parts, ref dst, length);
        };
    }

    private static ValueGetter<VBuffer<T>> MakeReader<T>(DataViewRow input, DataViewSchema.Column source)
    {
        if (source.Type is not VectorDataViewType vectorType)
        {
            var getScalar = input.GetGetter<T>(source);
            return (ref VBuffer<T> dst) =>
            {
                var editor = VBufferEditor.Create(ref dst, 1);
                getScalar(ref editor.Values[0]);
                dst = editor.Commit();
            };
        }
        var getVector = input.GetGetter<VBuffer<T>>(source);
        return (ref VBuffer<T> dst) =>
        {
            getVector(ref dst);
            if (vectorType.Size != 0 && vectorType.Size != dst.Length)
                throw Contracts.Except($"Column '{source.Name}': expected {vectorType.Size} slots, but got {dst.Length}");
        };
    }

    private static VBuffer<T> JoinDense<T>(VBuffer<T>[] parts, ref VBuffer<T> dst, int length)
    {
        var editor = VBufferEditor.Create(ref dst, length);
        int offset = 0;
        foreach (var part in parts)
        {
            part.CopyTo(editor.Values.Slice(offset, part.Length));
            offset += part.Length;
        }
        return editor.Commit();
    }

    private static VBuffer<T> JoinSparse<T>(VBuffer<T>[] parts, ref VBuffer<T> dst, int length, int count)
    {
        var editor = VBufferEditor.Create(ref dst, length, count);
        int offset = 0, filled = 0;
        foreach (var part in parts)
        {
            var values = part.GetValues();
            var indices = part.GetIndices();
            for (int i = 0; i < values.Length; i++, filled++)
            {
                editor.Values[filled] = values[i];
                editor.Indices[filled] = offset + (part.IsDense ? i : indices[i]);
            }
            offset += part.Length;
        }
        return editor.Commit();
    }
}
