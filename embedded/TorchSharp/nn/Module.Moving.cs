using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckType(dtype);
                if (device.type != DeviceType.CUDA) device = new Device(device.type);
                CheckDevice(device.type);
                Move(dtype, device, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                CheckDevice(deviceType);
                if (deviceType != this.deviceType || deviceIndex != this.deviceIndex) Move(null, new Device(deviceType, deviceIndex), non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckType(dtype);
                Move(dtype, null, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            private static void CheckType(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }

            private static void CheckDevice(DeviceType type)
            {
                if (type == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
                InitializeDeviceType(type);
            }

            private void Move(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }
                var fields = ComponentFields(GetType()).ToLookup(field => field.ComponentName());
                foreach (var (name, parameter) in named_parameters(false).ToList())
                {
                    if (Moved(parameter, dtype, device, non_blocking) is not { } moved) continue;
                    registeredParameters.Set(name, moved);
                    SetFields(fields[name], parameter, moved);
                    parameter.Dispose();
                }
                foreach (var (name, buffer) in named_buffers(false).ToList())
                {
                    if (!WillCopy(buffer, dtype, device)) continue;
                    var moved = buffer.to(TypeFor(buffer, dtype), device ?? buffer.device, non_blocking: non_blocking).DetachFromDisposeScope();
                    registeredBuffers.Set(name, (moved, true));
                    SetFields(fields[name], buffer, moved);
                    buffer.Dispose();
                }
                if (device is null) return;
                deviceType = device.type;
                deviceIndex = device.index;
            }

            /// <summary>A new leaf with the gradient, or null where nothing has to be copied.</summary>
            private static Parameter? Moved(Parameter parameter, ScalarType? dtype, Device? device, bool non_blocking)
            {
                using var gradient = parameter.grad;
                if (!WillCopy(parameter, dtype, device) && (gradient is null || !WillCopy(gradient, dtype, device))) return null;
                var type = TypeFor(parameter, dtype);
                var place = device ?? parameter.device;
                using (no_grad())
                {
                    var moved = new Parameter(parameter.to(type, place, non_blocking: non_blocking), parameter.requires_grad);
                    moved.DetachFromDisposeScope();
                    if (gradient is not null)
                    {
                        using var movedGradient = gradient.to(type, place, non_blocking: non_blocking).with_requires_grad(gradient.requires_grad);
                        moved.grad = movedGradient;
                    }
                    return moved;
                }
            }

            private void SetFields(IEnumerable<FieldInfo> fields, Tensor old, Tensor moved)
            {
                foreach (var field in fields)
                {
                    if (ReferenceEquals(field.GetValue(this), old)) field.SetValue(this, moved);
                }
            }

            private static ScalarType TypeFor(Tensor tensor, ScalarType? dtype) =>
                dtype is { } wanted && (is_floating_point(tensor) || is_complex(tensor)) ? wanted : tensor.dtype;

            private static bool WillCopy(Tensor tensor, ScalarType? dtype, Device? device) =>
                tensor.dtype != (dtype ?? tensor.dtype)
                || (device is not null && (tensor.device_type != device.type || (device.index >= 0 && tensor.device_index != device.index)));

            /// <summary>The module itself, on the device and in the type that its factory was asked for.</summary>
            internal T MoveModule<T>(Device? device, ScalarType? dtype) where T : Module => (device, dtype) switch
            {
                (null, null) => (T)this,
                (null, { } type) => (T)_to(type, false),
                ({ } place, null) => (T)_to(place.type, place.index, false),
                ({ } place, { } type) => (T)_to(place, type, false),
            };
        }
    }
}
