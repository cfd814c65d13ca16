using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLPipelines.Kernels;

/// <summary>Functions of float32 vectors, to about one unit in the last place of the result's range.</summary>
static class VectorMath
{
    // Adding it moves the integer part of a number below 2²² into the low bits of the mantissa.
    const float Shifter = 12582912;

    /// <summary>eˣ; below −86 it is e⁻⁸⁶, above 88 it is e⁸⁸.</summary>
    /// <remarks>2ⁿ·eʳ with n the integer nearest to x/ln 2, and the Taylor series of eʳ up to r⁷, whose rest is below 6e-9 for |r| ≤ ½ ln 2.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.Min(Vector.Max(x, new(-86f)), new(88f));
        var shifted = Vector.MultiplyAddEstimate(x, new(1.442695041f), new(Shifter));
        var n = shifted - new Vector<float>(Shifter);
        // ln 2 in two parts, the first of which times n is exact.
        var r = Vector.MultiplyAddEstimate(n, new(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(n, new(2.12194440e-4f), r);
        var sum = new Vector<float>(1f / 5040);
        sum = Vector.MultiplyAddEstimate(sum, r, new(1f / 720));
        sum = Vector.MultiplyAddEstimate(sum, r, new(1f / 120));
        sum = Vector.MultiplyAddEstimate(sum, r, new(1f / 24));
        sum = Vector.MultiplyAddEstimate(sum, r, new(1f / 6));
        sum = Vector.MultiplyAddEstimate(sum, r, new(0.5f));
        sum = Vector.MultiplyAddEstimate(sum, r, Vector<float>.One);
        sum = Vector.MultiplyAddEstimate(sum, r, Vector<float>.One);
        return Vector.AsVectorSingle(Vector.AsVectorInt32(sum) + (Vector.AsVectorInt32(shifted) << 23));
    }

    /// <summary>x·Φ(x), the exact Gaussian error linear unit, with an absolute error below 4e-7 where |x| is below 8.</summary>
    /// <remarks>max(x, 0) − ½|x|·erfc(|x|/√2), with erfc(|x|/√2) ≈ p(|x|)⁻⁸, where p is the polynomial of degree 8 that makes the largest error of the product small: 5e-8.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Gelu(Vector<float> x)
    {
        var size = Vector.Abs(x);
        var p = new Vector<float>(2.9324920e-6f);
        p = Vector.MultiplyAddEstimate(p, size, new(-1.6747197e-5f));
        p = Vector.MultiplyAddEstimate(p, size, new(9.7582109e-5f));
        p = Vector.MultiplyAddEstimate(p, size, new(1.1135099e-4f));
        p = Vector.MultiplyAddEstimate(p, size, new(9.8066230e-4f));
        p = Vector.MultiplyAddEstimate(p, size, new(8.5916314e-3f));
        p = Vector.MultiplyAddEstimate(p, size, new(4.4788800e-2f));
        p = Vector.MultiplyAddEstimate(p, size, new(9.9732496e-2f));
        p = Vector.MultiplyAddEstimate(p, size, Vector<float>.One);
        p *= p;
        p *= p;
        p *= p;
        return Vector.Max(x, Vector<float>.Zero) - (size * new Vector<float>(0.5f) / p);
    }
}
