namespace Microsoft.ML.Data;

/// <summary>The spans to fill, and the way to turn them into a <see cref="VBuffer{T}"/>.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;

    public readonly Span<T> Values;
    public readonly Span<int> Indices;

    internal VBufferEditor(
        int logicalLength,
        int physicalValuesCount,
        T[] values,
        int[] indices,
        bool requireIndicesOnDense,
        bool createdNewValues,
        bool createdNewIndices)
    {
        _length = logicalLength;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, physicalValuesCount);
        Indices = physicalValuesCount < logicalLength || requireIndicesOnDense ? indices.AsSpan(0, physicalValuesCount) : default;
        CreatedNewValues = createdNewValues;
        CreatedNewIndices = createdNewIndices;
    }

    public bool CreatedNewValues { get; }

    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);

    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        Buffers.CheckRange(physicalValuesCount, Values.Length, nameof(physicalValuesCount));
        return new(_length, physicalValuesCount, _values, _indices);
    }
}
