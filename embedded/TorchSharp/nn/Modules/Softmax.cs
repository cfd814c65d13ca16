using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Softmax : nn.Module<Tensor, Tensor>
    {
        private readonly long dim;

        internal Softmax(long dim) : base(nameof(Softmax))
        {
            this.dim = dim;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.softmax(tensor, dim);

        public override string GetName() => nameof(Softmax);

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
            public static Modules.Softmax Softmax(long dim) => new(dim);
        }
    }
}
