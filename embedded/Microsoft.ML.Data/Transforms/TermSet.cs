namespace Microsoft.ML.Data;

/// <summary>Collects distinct values, leaving out missing ones.</summary>
internal abstract class TermSet
{
    public abstract int Count { get; }

    /// <summary>Reads a cursor's current row; false once <paramref name="maximum"/> values are known.</summary>
    public abstract Func<bool> MakeCollector(DataViewRow row, DataViewSchema.Column source, int maximum);

    public abstract TermMap ToMap(bool sorted);

    public static TermSet Create(PrimitiveDataViewType itemType) => GenericCall.Invoke<TermSet>(New<int>, itemType.RawType, itemType);

    private static TermSet<T> New<T>(PrimitiveDataViewType itemType) => new TermSet<T>(itemType);
}

internal sealed class TermSet<T>(PrimitiveDataViewType itemType) : TermSet
{
    private readonly Dictionary<T, uint> _keys = new(ValueTraits.Comparer<T>());
    private readonly Func<T, bool> _isMissing = ValueTraits.IsMissing<T>(itemType);
    private bool _hasDefaultFromSparse;

    public override int Count => _keys.Count;

    public bool TryAdd(T value) => !_isMissing(value) && _keys.TryAdd(value, (uint)_keys.Count + 1);

    public override TermMap ToMap(bool sorted)
    {
        // Dictionaries without removals enumerate in the order of insertion, but nothing promises it.
        T[] values = [.. _keys.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        if (sorted)
            Array.Sort(values, ValueTraits.Order<T>());
        return new TermMap<T>(itemType, values);
    }

    public override Func<bool> MakeCollector(DataViewRow row, DataViewSchema.Column source, int maximum)
    {
        if (source.Type is VectorDataViewType)
        {
            var getVector = row.GetGetter<VBuffer<T>>(source);
            VBuffer<T> vector = default;
            return () =>
            {
                getVector(ref vector);
                return Collect(in vector, maximum);
            };
        }

        var get = row.GetGetter<T>(source);
        T value = default;
        return () =>
        {
            get(ref value);
            TryAdd(value);
            return Count < maximum;
        };
    }

    /// <summary>A slot that a sparse vector leaves out holds the default value, which is a term too, once, where it first occurs.</summary>
    private bool Collect(in VBuffer<T> vector, int maximum)
    {
        var values = vector.GetValues();
        var indices = vector.GetIndices();
        bool watch = !vector.IsDense && !_hasDefaultFromSparse;
        for (int i = 0; i < values.Length; i++)
        {
            if (watch && indices[i] != i)
            {
                watch = false;
                _hasDefaultFromSparse = true;
                TryAdd(default);
                if (Count >= maximum)
                    return false;
            }
            TryAdd(values[i]);
            if (Count >= maximum)
                return false;
        }
        if (watch)
        {
            _hasDefaultFromSparse = true;
            TryAdd(default);
        }
        return Count < maximum;
    }
}
