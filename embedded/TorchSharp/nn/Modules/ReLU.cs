using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class ReLU : nn.Module<Tensor, Tensor>
    {
        private readonly bool inplace;

        internal ReLU(bool inplace) : base(nameof(ReLU))
        {
            this.inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, inplace);

        public override string GetName() => nameof(ReLU);

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
            public static Modules.ReLU ReLU(bool inplace = false) => new(inplace);
        }
    }
}
