using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal sealed class TermMap<T> : TermMap
{
    private readonly T[] _values;
    private readonly Dictionary<T, uint> _keys;

    public TermMap(PrimitiveDataViewType itemType, T[] values)
        : base(itemType, values.Length)
    {
        _values = values;
        _keys = new Dictionary<T, uint>(values.Length, ValueTraits.Comparer<T>());
        foreach (var value in values)
            _keys.Add(value, (uint)_keys.Count + 1);
    }

    public ReadOnlySpan<T> Values => _values;

    private uint KeyOf(T value) => value is not null && _keys.TryGetValue(value, out uint key) ? key : 0;

    protected override void SaveValues(BinaryWriter writer) => ValueCodec.WriteValues<T>(writer, ItemType, _values);

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source)
    {
        if (source.Type is VectorDataViewType vectorType)
            return MakeVectorGetter(input.GetGetter<VBuffer<T>>(source), vectorType.Size, source.Name);
        var get = input.GetGetter<T>(source);
        T value = default;
        return (ValueGetter<uint>)((ref uint dst) =>
        {
            get(ref value);
            dst = KeyOf(value);
        });
    }

    private ValueGetter<VBuffer<uint>> MakeVectorGetter(ValueGetter<VBuffer<T>> get, int size, string name)
    {
        VBuffer<T> values = default;
        return (ref VBuffer<uint> dst) =>
        {
            get(ref values);
            if (size != 0 && values.Length != size)
                throw Contracts.Except($"Column '{name}': TermTransform expects {size} slots, but got {values.Length}");
            var editor = VBufferEditor.Create(ref dst, values.Length);
            int slot = 0;
            foreach (var value in values.DenseValues())
                editor.Values[slot++] = KeyOf(value);
            dst = editor.Commit();
        };
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, bool asText)
    {
        if (Count > 0)
            KeyValuesAnnotation.Add(annotations, ItemType, _values, asText);
    }

    public override void WriteText(TextWriter writer)
    {
        writer.WriteLine(ItemType is TextDataViewType ? $"# Number of terms = {Count}" : $"# Number of terms of type '{ItemType}' = {Count}");
        for (int i = 0; i < _values.Length; i++)
            writer.WriteLine($"{i}\t{ValueTraits.ToText(_values[i])}");
    }
}
