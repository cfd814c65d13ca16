using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "weight")]
        private Parameter weightParameter;

        [ComponentName(Name = "bias")]
        private Parameter? biasParameter;

        internal Linear(long inputs, long outputs, bool hasBias) : base(nameof(Linear))
        {
            weightParameter = Fresh([outputs, inputs]);
            if (hasBias) biasParameter = Fresh([outputs]);
            // What PyTorch's kaiming_uniform_ with a = sqrt(5) comes to.
            var bound = inputs > 0 ? 1 / Math.Sqrt(inputs) : 0;
            nn.init.uniform_(weightParameter, -bound, bound);
            if (biasParameter is not null) nn.init.uniform_(biasParameter, -bound, bound);
            RegisterComponents();
        }

        /// <summary>A new handle to the same parameter at each call, as in TorchSharp.</summary>
        public Parameter? weight
        {
            get => new(weightParameter.NewReference());
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                Replace(ref weightParameter!, value);
                ConditionallyRegisterParameter(nameof(weight), value);
            }
        }

        /// <inheritdoc cref="weight"/>
        public Parameter? bias
        {
            get => biasParameter is null ? null : new(biasParameter.NewReference());
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                Replace(ref biasParameter, value);
                ConditionallyRegisterParameter(nameof(bias), value);
            }
        }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weightParameter, biasParameter);

        internal static Parameter Fresh(long[] shape) => (Parameter)new Parameter(empty(shape, device: CPU)).DetachFromDisposeScope();

        internal static void Replace(ref Parameter? field, Parameter? value)
        {
            if (!ReferenceEquals(field, value)) field?.Dispose();
            field = value;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new Modules.Linear(inputSize, outputSize, hasBias).MoveModule<Modules.Linear>(device, dtype);
        }
    }
}
