using System.Numerics;

namespace MLPipelines.Kernels;

/// <summary>A small matrix product in the cache: six rows times a matrix.</summary>
static unsafe class SixRows
{
    /// <summary>The number of rows.</summary>
    public const int Count = 6;

    /// <summary>c = ab.</summary>
    /// <param name="a">[6, depth].</param>
    /// <param name="aStride">From row to row of a.</param>
    /// <param name="b">[depth, columns].</param>
    /// <param name="bStride">From row to row of b.</param>
    /// <param name="c">[6, columns], overwritten.</param>
    /// <param name="cStride">From row to row of c.</param>
    /// <param name="depth">The number of products summed.</param>
    /// <param name="columns">A multiple of the vector width.</param>
    public static void Multiply(float* a, int aStride, float* b, long bStride, float* c, int cStride, int depth, int columns)
    {
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride, a5 = a4 + aStride;
        var at = 0;
        for (; at <= columns - (2 * Vector<float>.Count); at += 2 * Vector<float>.Count)
        {
            // Twelve sums, two vectors and a factor: as many as there are registers.
            Vector<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
            Vector<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
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
                factor = new(a4[k]);
                (c40, c41) = (Vector.MultiplyAddEstimate(factor, left, c40), Vector.MultiplyAddEstimate(factor, right, c41));
                factor = new(a5[k]);
                (c50, c51) = (Vector.MultiplyAddEstimate(factor, left, c50), Vector.MultiplyAddEstimate(factor, right, c51));
            }

            var target = c + at;
            Store(c00, c01, target);
            Store(c10, c11, target + cStride);
            Store(c20, c21, target + (2 * cStride));
            Store(c30, c31, target + (3 * cStride));
            Store(c40, c41, target + (4 * cStride));
            Store(c50, c51, target + (5 * cStride));
        }

        if (at == columns) return;
        Vector<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        var last = b + at;
        for (var k = 0; k < depth; k++, last += bStride)
        {
            var vector = Vector.Load(last);
            c0 = Vector.MultiplyAddEstimate(new(a[k]), vector, c0);
            c1 = Vector.MultiplyAddEstimate(new(a1[k]), vector, c1);
            c2 = Vector.MultiplyAddEstimate(new(a2[k]), vector, c2);
            c3 = Vector.MultiplyAddEstimate(new(a3[k]), vector, c3);
            c4 = Vector.MultiplyAddEstimate(new(a4[k]), vector, c4);
            c5 = Vector.MultiplyAddEstimate(new(a5[k]), vector, c5);
        }

        c += at;
        Vector.Store(c0, c);
        Vector.Store(c1, c + cStride);
        Vector.Store(c2, c + (2 * cStride));
        Vector.Store(c3, c + (3 * cStride));
        Vector.Store(c4, c + (4 * cStride));
        Vector.Store(c5, c + (5 * cStride));
    }

    static void Store(Vector<float> left, Vector<float> right, float* target)
    {
        Vector.Store(left, target);
        Vector.Store(right, target + Vector<float>.Count);
    }
}
