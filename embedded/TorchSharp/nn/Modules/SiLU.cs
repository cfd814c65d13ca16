using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class SiLU : nn.Module<Tensor, Tensor>
    {
        internal SiLU() : base(nameof(SiLU))
        {
        }

        public override Tensor forward(Tensor tensor) => nn.functional.silu(tensor);

        public override string GetName() => nameof(SiLU);

        // Nothing to move.
        protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this;

        protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

        protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => this;
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.SiLU SiLU() => new();
        }
    }
}
