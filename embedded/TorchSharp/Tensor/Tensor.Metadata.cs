using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private TensorInfo Info
        {
            get
            {
                Native.Check(Native.mlp_tensor_info(SafeHandle, out var info));
                return info;
            }
        }

        public long Dimensions => Native.mlp_tensor_dim(SafeHandle);

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => Info.Elements;

        public long numel() => NumberOfElements;

        public long ElementSize => Info.ElementSize;

        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)Native.mlp_tensor_dtype(SafeHandle);

        public Device device
        {
            get
            {
                var info = Info;
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public int device_index => Info.DeviceIndex;

        public DeviceType device_type => (DeviceType)Info.DeviceType;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_sparse => Info.Layout != 0;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_nonzero()
        {
            if (numel() != 1) throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");
            return Ops.is_nonzero.Bool(this);
        }

        public bool is_contiguous() => Native.Check(Native.mlp_tensor_is_contiguous(SafeHandle)) != 0;

        public bool is_leaf => Info.IsLeaf != 0;

        public bool requires_grad
        {
            get => Info.RequiresGrad != 0;
            set => Native.Check(Native.mlp_tensor_set_requires_grad(SafeHandle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void retain_grad() => Native.Check(Native.mlp_tensor_retain_grad(SafeHandle));

        public Tensor? grad
        {
            get
            {
                Native.Check(Native.mlp_tensor_grad(SafeHandle, out var grad));
                return grad == 0 ? null : new Tensor(grad);
            }
            set
            {
                var address = value is null ? 0 : value.Hold();
                try
                {
                    Native.Check(Native.mlp_tensor_set_grad(SafeHandle, address));
                }
                finally
                {
                    value?.Release();
                }
            }
        }

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* first = sizes) Native.Check(Native.mlp_tensor_sizes(SafeHandle, first));
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            var sizes = shape;
            return sizes[Axis(dim, sizes.Length)];
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* first = strides) Native.Check(Native.mlp_tensor_strides(SafeHandle, first));
            return strides;
        }

        public long stride(int dim)
        {
            var strides = stride();
            return strides[Axis(dim, strides.Length)];
        }

        public long storage_offset() => Native.mlp_tensor_storage_offset(SafeHandle);

        private static int Axis(int dim, int count) => dim >= -count && dim < count
            ? dim < 0 ? dim + count : dim
            : throw Native.Failure($"Dimension out of range (expected to be in range of [{-count}, {count - 1}], but got {dim})");

        /// <summary>Address of the first element in the memory of this process.</summary>
        internal nint DataPointer
        {
            get
            {
                if (device_type != DeviceType.CPU)
                    throw new InvalidOperationException(
                        "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
                Native.Check(Native.mlp_tensor_data(SafeHandle, out var data));
                return data;
            }
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public double ReadCpuDouble(long i) => data<double>()[i];
        public float ReadCpuSingle(long i) => data<float>()[i];
        public int ReadCpuInt32(long i) => data<int>()[i];
        public long ReadCpuInt64(long i) => data<long>()[i];
        public byte ReadCpuByte(long i) => data<byte>()[i];
        public bool ReadCpuBool(long i) => data<bool>()[i];

        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
                var size = NumberOfElements * ElementSize;
                if (size > int.MaxValue) throw new NotImplementedException("Span only supports up to int.MaxValue elements.");
                return size == 0 ? [] : new Span<byte>((void*)DataPointer, (int)size);
            }
            set
            {
                if (!is_contiguous()) throw new NotImplementedException("SetBytes() called on non-contiguous tensor.");
                var size = NumberOfElements * ElementSize;
                if (size != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                if (size > 0) value.CopyTo(new Span<byte>((void*)DataPointer, (int)size));
            }
        }

        internal void ValidateType(Type type)
        {
            var expected = dtype switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Bool => typeof(bool),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType.ComplexFloat32 => typeof((float, float)),
                ScalarType.ComplexFloat64 => typeof(System.Numerics.Complex),
                _ => throw new ArgumentException($"No support for {dtype} in TorchSharp"),
            };
            if (type != expected) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }
    }
}
