namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module learns.</summary>
    public class Parameter : torch.Tensor
    {
        /// <summary>Takes over <paramref name="data"/>, which is empty afterwards.</summary>
        public Parameter(torch.Tensor data, bool requires_grad = true) : base(Take(data, requires_grad))
        {
        }

        internal Parameter(nint tensor) : base(tensor)
        {
        }

        private static nint Take(torch.Tensor data, bool requires_grad)
        {
            var reference = data.with_requires_grad(requires_grad).NewReference();
            data.Dispose();
            return reference;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
