using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>Direct access to tensors that are one dense block of float32 in main memory, where one fused pass beats a chain of operators.</summary>
static class PlainMemory
{
    public static bool IsPlain(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && !tensor.is_sparse && tensor.is_contiguous()
        && tensor.NumberOfElements <= int.MaxValue / sizeof(float);

    /// <summary>The elements in place; valid while the tensor lives.</summary>
    public static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    public static unsafe float* Pointer(Tensor tensor) => (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
