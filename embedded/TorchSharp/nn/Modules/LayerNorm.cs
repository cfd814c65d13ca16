using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long[] shape;
        private readonly double epsilon;

        [ComponentName(Name = "weight")]
        private Parameter? weightParameter;

        [ComponentName(Name = "bias")]
        private Parameter? biasParameter;

        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool hasBias, Device? device,
        ScalarType? dtype) : base(nameof(LayerNorm))
        {
            shape = normalized_shape;
            epsilon = eps;
            if (!elementwise_affine) return;
            weight = new Parameter(ones(shape, dtype, device));
            if (hasBias) bias = new Parameter(zeros(shape, dtype, device));
        }

        public Parameter weight
        {
            get => weightParameter!;
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                Linear.Replace(ref weightParameter, (Parameter)value.DetachFromDisposeScope());
                ConditionallyRegisterParameter(nameof(weight), weightParameter);
            }
        }

        public Parameter? bias
        {
            get => biasParameter;
            set
            {
                Linear.Replace(ref biasParameter, (Parameter?)value?.DetachFromDisposeScope());
                ConditionallyRegisterParameter(nameof(bias), biasParameter);
            }
        }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, shape, weightParameter, biasParameter, epsilon);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LayerNorm LayerNorm(
                long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static Modules.LayerNorm LayerNorm(
                long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
