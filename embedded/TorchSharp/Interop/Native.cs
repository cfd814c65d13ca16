using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The functions of native/*.cpp. Those that can fail return a negative number or null; see <see cref="Check(int)"/>.</summary>
internal static unsafe partial class Native
{
    private const string Library = NativeLibraryLoader.Name;

    static Native() => NativeLibraryLoader.Register();

    [LibraryImport(Library)] private static partial byte* mlp_error();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint mlp_operator(string name, string overload);
    [LibraryImport(Library)] internal static partial int mlp_call(nint op, Value* arguments, int given, Value* results, int capacity);
    [LibraryImport(Library)] internal static partial void mlp_free(void* memory);

    [LibraryImport(Library)] internal static partial void mlp_tensor_free(nint tensor);
    [LibraryImport(Library)] internal static partial int mlp_tensor_info(TensorHandle tensor, out TensorInfo info);
    [LibraryImport(Library)] internal static partial long mlp_tensor_dim(TensorHandle tensor);
    [LibraryImport(Library)] internal static partial int mlp_tensor_dtype(TensorHandle tensor);
    [LibraryImport(Library)] internal static partial int mlp_tensor_sizes(TensorHandle tensor, long* sizes);
    [LibraryImport(Library)] internal static partial int mlp_tensor_strides(TensorHandle tensor, long* strides);
    [LibraryImport(Library)] internal static partial long mlp_tensor_storage_offset(TensorHandle tensor);
    [LibraryImport(Library)] internal static partial int mlp_tensor_is_contiguous(TensorHandle tensor);
    [LibraryImport(Library)] internal static partial int mlp_tensor_data(TensorHandle tensor, out nint data);
    [LibraryImport(Library)] internal static partial int mlp_tensor_set_requires_grad(TensorHandle tensor, int value);
    [LibraryImport(Library)] internal static partial int mlp_tensor_grad(TensorHandle tensor, out nint grad);
    [LibraryImport(Library)] internal static partial int mlp_tensor_set_grad(TensorHandle tensor, nint grad);
    [LibraryImport(Library)] internal static partial int mlp_tensor_retain_grad(TensorHandle tensor);
    [LibraryImport(Library)] internal static partial nint mlp_tensor_alias(TensorHandle tensor);

    [LibraryImport(Library)]
    internal static partial int mlp_backward(
        nint* tensors, int tensorCount, nint* grads, int gradCount, nint* inputs, int inputCount, int retainGraph, int createGraph);

    [LibraryImport(Library)]
    internal static partial int mlp_grad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* grads, int gradCount,
        int retainGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library)] internal static partial int mlp_grad_mode();
    [LibraryImport(Library)] internal static partial void mlp_set_grad_mode(int enabled);
    [LibraryImport(Library)] internal static partial nint mlp_inference_guard(int enabled);
    [LibraryImport(Library)] internal static partial void mlp_inference_guard_free(nint guard);
    [LibraryImport(Library)] internal static partial int mlp_inference_mode();

    [LibraryImport(Library)] internal static partial nint mlp_generator(int deviceType, int deviceIndex, ulong seed);
    [LibraryImport(Library)] internal static partial nint mlp_generator_default(int deviceType, int deviceIndex);
    [LibraryImport(Library)] internal static partial void mlp_generator_free(nint generator);
    [LibraryImport(Library)] internal static partial int mlp_generator_set_seed(GeneratorHandle generator, ulong seed);
    [LibraryImport(Library)] internal static partial ulong mlp_generator_seed(GeneratorHandle generator);
    [LibraryImport(Library)] internal static partial nint mlp_generator_state(GeneratorHandle generator);
    [LibraryImport(Library)] internal static partial int mlp_generator_set_state(GeneratorHandle generator, TensorHandle state);
    [LibraryImport(Library)] internal static partial int mlp_manual_seed(ulong seed);

    [LibraryImport(Library)] internal static partial int mlp_threads();
    [LibraryImport(Library)] internal static partial int mlp_set_threads(int count);
    [LibraryImport(Library)] internal static partial int mlp_interop_threads();
    [LibraryImport(Library)] internal static partial int mlp_set_interop_threads(int count);
    [LibraryImport(Library)] internal static partial int mlp_device_count(int type);
    [LibraryImport(Library)] internal static partial int mlp_device_synchronize(int type, int index);
    [LibraryImport(Library)] internal static partial int mlp_flag(int flag);
    [LibraryImport(Library)] internal static partial int mlp_set_flag(int flag, int value);
    [LibraryImport(Library)] private static partial byte* mlp_version();

    internal static string Version => Text(mlp_version());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Check(int result) => result >= 0 ? result : throw Failure();

    internal static nint Check(nint result) => result != 0 ? result : throw Failure();

    /// <summary>What TorchSharp throws for an error of libtorch, with libtorch's own message.</summary>
    internal static ExternalException Failure() => new(Text(mlp_error()));

    internal static ExternalException Failure(string message) => new(message);

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}

/// <summary>What libtorch knows about a tensor besides its sizes; the layout is that of native/tensor.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    public long Dimensions;
    public long Elements;
    public long ElementSize;
    public int DType;
    public int Layout;
    public int DeviceType;
    public int DeviceIndex;
    public int RequiresGrad;
    public int IsLeaf;
    public int IsInference;
    public int IsView;
}
