using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Products of dense vectors with rows that may be sparse.</summary>
internal static class SparseVectors
{
    public static float Dot(ReadOnlySpan<float> dense, VBuffer<float> row)
    {
        var values = row.GetValues();
        if (row.IsDense)
            return TensorPrimitives.Dot(dense, values);
        var slots = row.GetIndices();
        float sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += dense[slots[i]] * values[i];
        return sum;
    }

    /// <summary>sums += factor·row.</summary>
    public static void AddMultiple(VBuffer<float> row, float factor, Span<float> sums)
    {
        var values = row.GetValues();
        if (row.IsDense)
        {
            TensorPrimitives.MultiplyAdd(values, factor, sums, sums);
            return;
        }
        var slots = row.GetIndices();
        for (int i = 0; i < values.Length; i++)
            sums[slots[i]] += factor * values[i];
    }
}
