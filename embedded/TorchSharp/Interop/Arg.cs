using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>One argument of an operator, with implicit conversions from everything that operators take.</summary>
internal readonly struct Arg
{
    internal readonly ValueTag Tag;
    internal readonly int Count;
    internal readonly long Bits;
    internal readonly object? Reference;

    private Arg(ValueTag tag, long bits, object? reference = null, int count = 0)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
        Count = count;
    }

    /// <summary>The argument whose type is optional, not given.</summary>
    internal static Arg None => default;

    public static implicit operator Arg(torch.Tensor? value) => value is null ? None : new(ValueTag.Tensor, 0, value);
    public static implicit operator Arg(int value) => new(ValueTag.Int, value);
    public static implicit operator Arg(long value) => new(ValueTag.Int, value);
    public static implicit operator Arg(long? value) => value is { } number ? number : None;
    public static implicit operator Arg(double value) => new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } number ? number : None;
    public static implicit operator Arg(bool value) => new(ValueTag.Bool, value ? 1 : 0);
    public static implicit operator Arg(string? value) => value is null ? None : new(ValueTag.String, 0, value);
    public static implicit operator Arg(long[]? value) => value is null ? None : new(ValueTag.IntList, 0, value, value.Length);
    public static implicit operator Arg(ReadOnlySpan<long> value) => value.ToArray();
    public static implicit operator Arg(double[]? value) => value is null ? None : new(ValueTag.DoubleList, 0, value, value.Length);
    public static implicit operator Arg(torch.Tensor[] value) => new(ValueTag.TensorList, 0, value, value.Length);
    public static implicit operator Arg(ScalarType value) => new(ValueTag.Int, (long)value);
    public static implicit operator Arg(ScalarType? value) => value is { } type ? type : None;
    public static implicit operator Arg(Device? value) => value is null ? None : new(ValueTag.Device, value.index, null, (int)value.type);
    public static implicit operator Arg(torch.Generator? value) => value is null ? None : new(ValueTag.Generator, 0, value);
    public static implicit operator Arg(Scalar? value) => value is null ? None : value.ToArg();
    internal static Arg Complex(Complex value) => new(ValueTag.Complex, 0, new[] { value.Real, value.Imaginary });

    /// <summary>A list whose missing entries stand for "all of this axis".</summary>
    internal static Arg Optional(torch.Tensor?[] tensors) => new(ValueTag.OptionalTensorList, 0, tensors, tensors.Length);
}
