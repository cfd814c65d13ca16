using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>Direct access to tensors that are one dense block of float32 in main memory, where one fused pass beats a chain of operators.</summary>
static class PlainMemory
{
    public static bool IsPlain(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && !tensor.is_sparse && tensor.is_contiguous()
        && tensor.NumberOfElements <= int.MaxValue / sizeof(float);

    /// <summary>The elements in place; valid while the tensor lives.</summary>
    public static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>The sum of the squares of all elements: blocks in float32, their total in float64, as precise as one needs at the speed of memory.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        const int Block = 4096;
        var total = 0.0;
        for (; values.Length > 0; values = values[Math.Min(Block, values.Length)..]) total += TensorPrimitives.SumOfSquares(values[..Math.Min(Block, values.Length)]);
        return total;
    }

    public static double SumOfSquares(Tensor tensor) => SumOfSquares(Floats(tensor));

    public static unsafe float* Pointer(Tensor tensor) => (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
