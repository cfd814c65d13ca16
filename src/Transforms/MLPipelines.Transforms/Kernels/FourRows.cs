using System.Numerics;

namespace MLPipelines.Kernels;

/// <summary>A small matrix product in the cache: four rows times a matrix.</summary>
static unsafe class FourRows
{
    /// <summary>The number of rows.</summary>
    public const int Count = 4;

    /// <summary>c = ab.</summary>
    /// <param name="a">[4, depth].</param>
    /// <param name="aStride">From row to row of a.</param>
    /// <param name="b">[depth, columns].</param>
    /// <param name="bStride">From row to row of b.</param>
    /// <param name="c">[4, columns], overwritten.</param>
    /// <param name="cStride">From row to row of c.</param>
    /// <param name="depth">The number of products summed.</param>
    /// <param name="columns">A multiple of the vector width.</param>
    public static void Multiply(float* a, int aStride, float* b, long bStride, float* c, int cStride, int depth, int columns)
    {
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
        var at = 0;
        for (; at <= columns - (2 * Vector<float>.Count); at += 2 * Vector<float>.Count)
        {
            // Eight sums: as many as the processor needs to have under way at a time.
            Vector<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
            var row = b + at;
            for (var k = 0; k < depth; k++, row += bStride)
            {
                var (left, right) = (Vector.Load(row), Vector.Load(row + Vector<float>.Count));
                var factor = new Vector<float>(a[k]);
                (c00, c01) = (Vector.MultiplyAddEstimate(factor, left, c00), Vector.MultiplyAddEstimate(factor, right, c01));
                factor = new(a1[k]);
                (c10, c11) = (Vector.MultiplyAddEstimate(factor, left, c10), Vector.MultiplyAddEstimate(factor, right, c11));
                factor = new(a2[k]);
                (c20, c21) = (Vector.MultiplyAddEstimate(factor, left, c20), Vector.MultiplyAddEstimate(factor, right, c21));
                factor = new(a3[k]);
                (c30, c31) = (Vector.MultiplyAddEstimate(factor, left, c30), Vector.MultiplyAddEstimate(factor, right, c31));
            }

            var target = c + at;
            Store(c00, c01, target);
            Store(c10, c11, target + cStride);
            Store(c20, c21, target + (2 * cStride));
            Store(c30, c31, target + (3 * cStride));
        }

        if (at < columns) MultiplyLast(a, aStride, b + at, bStride, c + at, cStride, depth);
    }

    static void MultiplyLast(float* a, int aStride, float* b, long bStride, float* c, int cStride, int depth)
    {
        for (var i = 0; i < Count; i++)
        {
            var sum = Vector<float>.Zero;
            for (var k = 0; k < depth; k++) sum = Vector.MultiplyAddEstimate(new(a[(i * aStride) + k]), Vector.Load(b + (k * bStride)), sum);
            Vector.Store(sum, c + (i * cStride));
        }
    }

    static void Store(Vector<float> left, Vector<float> right, float* target)
    {
        Vector.Store(left, target);
        Vector.Store(right, target + Vector<float>.Count);
    }
}
