using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Dropout : nn.Module<Tensor, Tensor>
    {
        private readonly double p;
        private readonly bool inplace;

        internal Dropout(double p, bool inplace) : base(nameof(Dropout))
        {
            this.p = p;
            this.inplace = inplace;
        }

        public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, p, training, inplace);

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
            public static Modules.Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
