using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and other modules under names.</summary>
        public partial class Module : IDisposable
        {
            private readonly ComponentMap<Module> submodules = new();
            private readonly ComponentMap<(Tensor Tensor, bool Persistent)> registeredBuffers = new();
            private readonly ComponentMap<Parameter> registeredParameters = new();
            private bool componentsRegistered;
            private bool disposed;
            private bool isTraining = true;
            private DeviceType deviceType = DeviceType.CPU;
            private int deviceIndex = -1;
            protected string name;

            protected Module(string name) => this.name = name;

            public virtual bool training => isTraining;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes the parameters, the buffers and the modules within.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || disposed) return;
                disposed = true;
                foreach (var (_, buffer) in registeredBuffers.Items) buffer.Tensor.Dispose();
                foreach (var (_, parameter) in registeredParameters.Items) parameter.Dispose();
                foreach (var (_, module) in named_modules().ToList()) module.Dispose();
            }

            public virtual string GetName() => name;

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, module) in submodules.Items) module.apply(fn);
                fn(this);
                return this;
            }

            public virtual void train(bool train = true)
            {
                isTraining = train;
                foreach (var (_, module) in named_children()) module.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    using var gradient = parameter.grad;
                    if (gradient is null) continue;
                    if (set_to_none) parameter.grad = null;
                    else gradient.zero_();
                }
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.disposed)
                {
                    submodules.Remove(name);
                    return;
                }
                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (string.IsNullOrEmpty(name)) throw new ArgumentException("module name can't be empty string \"\"");
                if (submodules.Contains(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                submodules.Set(name, submodule);
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid) throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!registeredParameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid) throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!registeredBuffers.TryAdd(name, (tensor, persistent))) throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            /// <summary>Registers every field that holds a module, a parameter or a tensor, under the name of its attribute or of the field.</summary>
            protected virtual void RegisterComponents()
            {
                if (componentsRegistered) return;
                foreach (var field in ComponentFields(GetType()))
                {
                    var component = field.ComponentName();
                    if (submodules.Contains(component) || registeredParameters.Contains(component) || registeredBuffers.Contains(component)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }
                componentsRegistered = true;
            }

            protected void ConditionallyRegisterParameter(string name, Tensor? value)
            {
                if (value is null) registeredParameters.Remove(name);
                else registeredParameters.Set(name, value as Parameter ?? new Parameter(value));
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) registeredBuffers.Remove(name);
                else registeredBuffers.Set(name, (value, persistent));
            }

            protected void ClearModules() => submodules.Clear();

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) =>
                (device ?? get_default_device(), dtype ?? get_default_dtype());

            private static FieldInfo[] ComponentFields(Type type) =>
                type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);
        }
    }
}
