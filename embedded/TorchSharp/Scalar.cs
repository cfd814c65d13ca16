using System.Numerics;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number that takes part in an operation with tensors without changing their type.</summary>
public sealed class Scalar : IDisposable
{
    private readonly Arg value;

    private Scalar(ScalarType type, Arg value)
    {
        Type = type;
        this.value = value;
    }

    public ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => (long)value;
    public static implicit operator Scalar(sbyte value) => (long)value;
    public static implicit operator Scalar(short value) => (long)value;
    public static implicit operator Scalar(int value) => (long)value;
    public static implicit operator Scalar(long value) => new(ScalarType.Int64, value);
    public static implicit operator Scalar(Half value) => (double)value;
    public static implicit operator Scalar(float value) => (double)value;
    public static implicit operator Scalar(double value) => new(ScalarType.Float64, value);
    public static implicit operator Scalar(bool value) => new(ScalarType.Bool, value);
    public static implicit operator Scalar((float, float) value) => new Complex(value.Item1, value.Item2);
    public static implicit operator Scalar(Complex value) => new(ScalarType.ComplexFloat64, Arg.Complex(value));

    public void Dispose()
    {
        // Holds no native memory; disposable because TorchSharp's is.
    }

    internal Arg ToArg() => value;

    internal double Real => value.Tag switch
    {
        ValueTag.Double => BitConverter.Int64BitsToDouble(value.Bits),
        ValueTag.Complex => ComplexValue.Real,
        _ => value.Bits,
    };

    internal long Integer => value.Tag switch
    {
        ValueTag.Double or ValueTag.Complex => (long)Real,
        _ => value.Bits,
    };

    internal Complex ComplexValue => value.Tag == ValueTag.Complex ? new(((double[])value.Reference!)[0], ((double[])value.Reference!)[1]) : new(Real, 0);
}
