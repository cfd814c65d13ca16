using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector value, dense or sparse, whose arrays are reused from row to row. Dense where <see cref="GetValues"/> has
/// <see cref="Length"/> items; else the values belong to the strictly increasing <see cref="GetIndices"/>.
/// </summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    /// <summary>The number of items, those that are not stored included.</summary>
    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Buffers.CheckHolds(values, length, nameof(values));
        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Buffers.CheckRange(count, length, nameof(count));
        Buffers.CheckHolds(values, count, nameof(values));
        if (count < length)
        {
            Buffers.CheckHolds(indices, count, nameof(indices));
        }
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    /// <summary>Whether every item is stored.</summary>
    public bool IsDense => _count == Length;

    /// <summary>The stored values.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The places of the stored values; empty where the vector is dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Buffers.CheckRange(sourceIndex, Length, nameof(sourceIndex));
        Buffers.CheckRange(length, Length - sourceIndex, nameof(length));
        var (first, last) = IsDense ? (sourceIndex, sourceIndex + length) : (FirstAtOrAfter(sourceIndex), FirstAtOrAfter(sourceIndex + length));
        var editor = VBufferEditor.Create(ref destination, length, last - first);
        _values.AsSpan(first, last - first).CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
        {
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        }
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length - Length)
        {
            throw new ArgumentOutOfRangeException(nameof(destination), "Not large enough to hold these values.");
        }
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (var i = 0; i < _count; i++)
        {
            target[_indices[i]] = _values[i];
        }
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        var available = source?.Length ?? 0;
        Buffers.CheckRange(length, available, nameof(length));
        Buffers.CheckRange(sourceIndex, available - length, nameof(sourceIndex));
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>The stored items, or all of them, each with its place.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var (values, indices, count) = (_values, IsDense ? null : _indices, _count);
        return all && indices is not null
            ? DenseValues().Select((value, place) => KeyValuePair.Create(place, value))
            : Enumerable.Range(0, count).Select(i => KeyValuePair.Create(indices is null ? i : indices[i], values[i]));
    }

    public IEnumerable<T> DenseValues() => DenseValues(_values, IsDense ? null : _indices, _count, Length);

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        if (index < 0 || index >= Length)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }
        if (IsDense)
        {
            return _values[index];
        }
        var place = FirstAtOrAfter(index);
        return place < _count && _indices[place] == index ? _values[place] : default;
    }

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    public IEnumerator GetEnumerator() => DenseValues().GetEnumerator();

    internal VBufferEditor<T> GetEditor() => GetEditor(Length, _count);

    internal VBufferEditor<T> GetEditor(
        int newLogicalLength,
        int? valuesCount,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        var count = valuesCount ?? newLogicalLength;
        Buffers.CheckRange(count, newLogicalLength, nameof(valuesCount));
        var capacity = maxValuesCapacity ?? Array.MaxLength;
        var (values, indices) = (_values, _indices);
        var newValues = Buffers.Grow(ref values, count, capacity, keepOldOnResize);
        var newIndices = (count < newLogicalLength || requireIndicesOnDense) && Buffers.Grow(ref indices, count, capacity, keepOldOnResize);
        return new VBufferEditor<T>(newLogicalLength, count, values, indices, requireIndicesOnDense, newValues, newIndices);
    }

    private int FirstAtOrAfter(int index)
    {
        var place = _indices.AsSpan(0, _count).BinarySearch(index);
        return place < 0 ? ~place : place;
    }

    private static IEnumerable<T> DenseValues(T[] values, int[] indices, int count, int length)
    {
        var next = 0;
        for (var i = 0; i < length; i++)
        {
            var stored = next < count && (indices is null || indices[next] == i);
            yield return stored ? values[next++] : default;
        }
    }
}
