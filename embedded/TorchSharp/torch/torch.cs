using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of the libtorch that is in use.</summary>
    public static string __version__ => Native.Version;

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static int get_num_threads() => Native.mlp_threads();

    public static void set_num_threads(int num) => Native.Check(Native.mlp_set_threads(num));

    public static int get_num_interop_threads() => Native.mlp_interop_threads();

    public static void set_num_interop_threads(int num) => Native.Check(Native.mlp_set_interop_threads(num));

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CPU or DeviceType.META => true,
        _ => Native.mlp_device_count((int)deviceType) > 0,
    };

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => is_available() && Native.mlp_flag((int)Flag.HasCudnn) != 0;

        public static int device_count() => Native.mlp_device_count((int)DeviceType.CUDA);

        public static void manual_seed(long seed)
        {
            if (!is_available()) return;
            using var generator = Generator.DefaultOf(new Device(DeviceType.CUDA));
            generator.manual_seed(seed);
        }

        public static void manual_seed_all(long seed)
        {
            for (var index = 0; index < device_count(); index++)
            {
                using var generator = Generator.DefaultOf(new Device(DeviceType.CUDA, index));
                generator.manual_seed(seed);
            }
        }

        public static void synchronize(Device? device = null) =>
            Native.Check(Native.mlp_device_synchronize((int)DeviceType.CUDA, device?.index ?? -1));
    }

    /// <summary>The switches of native/context.cpp.</summary>
    private enum Flag
    {
        MatmulTF32 = 0,
        CudnnTF32 = 1,
        HasCudnn = 2,
    }

    private static void Set(Flag flag, bool value) => Native.Check(Native.mlp_set_flag((int)flag, value ? 1 : 0));

    public static partial class backends
    {
        public static partial class cuda
        {
            public static partial class matmul
            {
                public static bool allow_tf32
                {
                    get => Native.mlp_flag((int)Flag.MatmulTF32) != 0;
                    set => Set(Flag.MatmulTF32, value);
                }
            }
        }

        public static partial class cudnn
        {
            public static bool allow_tf32
            {
                get => Native.mlp_flag((int)Flag.CudnnTF32) != 0;
                set => Set(Flag.CudnnTF32, value);
            }
        }
    }
}
