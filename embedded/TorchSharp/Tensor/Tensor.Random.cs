using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Ops.bernoulli.T(this, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Ops.bernoulli__float.On(this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Ops.bernoulli__Tensor.On(this, p, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Ops.multinomial.T(this, num_samples, replacement, generator);
        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => Ops.normal_.On(this, mean, std, generator);
        public Tensor log_normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => Ops.log_normal_.On(this, mean, std, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Ops.uniform_.On(this, from, to, generator);
        public Tensor random_(double from, double to, Generator? generator = null) => Ops.random__from.On(this, (long)from, (long)to, generator);
        public Tensor exponential_(double lambda = 1.0, Generator? generator = null) => Ops.exponential_.On(this, lambda, generator);
        public Tensor geometric_(double p, Generator? generator = null) => Ops.geometric_.On(this, p, generator);
        public Tensor poisson(Generator? generator = null) => Ops.poisson.T(this, generator);
        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Ops.rand_like.T(this, dtype, None, device).WithGrad(requires_grad);
        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Ops.randn_like.T(this, dtype, None, device).WithGrad(requires_grad);
        public Tensor randint_like(long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Ops.randint_like_low_dtype.T(this, low, high, dtype, None, device).WithGrad(requires_grad);
    }
}
