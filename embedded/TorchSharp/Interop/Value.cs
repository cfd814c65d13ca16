using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The kinds of values that cross the border; the numbers are those of native/bridge.h.</summary>
internal enum ValueTag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    String = 5,
    IntList = 6,
    DoubleList = 7,
    BoolList = 8,
    TensorList = 9,
    OptionalTensorList = 10,
    Device = 11,
    Generator = 12,
    Complex = 13,
}

/// <summary>One argument or result of a native call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    public ValueTag Tag;
    public int Count;
    public nint Payload;
}
