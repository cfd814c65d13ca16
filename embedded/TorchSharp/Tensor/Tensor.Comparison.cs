using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Ops.eq_Tensor.T(this, target);
        public Tensor equal(Tensor target) => eq(target);
        public Tensor eq(Scalar target) => Ops.eq_Scalar.T(this, target);
        public Tensor eq_(Tensor target) => Ops.eq__Tensor.On(this, target);
        public Tensor eq_(Scalar target) => Ops.eq__Scalar.On(this, target);
        public Tensor ne(Tensor target) => Ops.ne_Tensor.T(this, target);
        public Tensor not_equal(Tensor target) => ne(target);
        public Tensor ne(Scalar target) => Ops.ne_Scalar.T(this, target);
        public Tensor ne_(Tensor target) => Ops.ne__Tensor.On(this, target);
        public Tensor ne_(Scalar target) => Ops.ne__Scalar.On(this, target);
        public Tensor lt(Tensor target) => Ops.lt_Tensor.T(this, target);
        public Tensor less(Tensor target) => lt(target);
        public Tensor lt(Scalar target) => Ops.lt_Scalar.T(this, target);
        public Tensor lt_(Tensor target) => Ops.lt__Tensor.On(this, target);
        public Tensor lt_(Scalar target) => Ops.lt__Scalar.On(this, target);
        public Tensor le(Tensor target) => Ops.le_Tensor.T(this, target);
        public Tensor less_equal(Tensor target) => le(target);
        public Tensor le(Scalar target) => Ops.le_Scalar.T(this, target);
        public Tensor le_(Tensor target) => Ops.le__Tensor.On(this, target);
        public Tensor le_(Scalar target) => Ops.le__Scalar.On(this, target);
        public Tensor gt(Tensor target) => Ops.gt_Tensor.T(this, target);
        public Tensor greater(Tensor target) => gt(target);
        public Tensor gt(Scalar target) => Ops.gt_Scalar.T(this, target);
        public Tensor gt_(Tensor target) => Ops.gt__Tensor.On(this, target);
        public Tensor gt_(Scalar target) => Ops.gt__Scalar.On(this, target);
        public Tensor ge(Tensor target) => Ops.ge_Tensor.T(this, target);
        public Tensor greater_equal(Tensor target) => ge(target);
        public Tensor ge(Scalar target) => Ops.ge_Scalar.T(this, target);
        public Tensor ge_(Tensor target) => Ops.ge__Tensor.On(this, target);
        public Tensor ge_(Scalar target) => Ops.ge__Scalar.On(this, target);
        public bool Equals(Tensor target) => target is not null && Ops.equal.Bool(this, target);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Ops.allclose.Bool(this, target, rtol, atol, equal_nan);
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Ops.isclose.T(this, other, rtol, atol, nanEqual);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Ops.isin_Tensor_Tensor.T(this, test_elements, assumeUnique, invert);
        public Tensor isnan() => Ops.isnan.T(this);
        public Tensor isinf() => Ops.isinf.T(this);
        public Tensor isfinite() => Ops.isfinite.T(this);
        public Tensor isposinf() => Ops.isposinf.T(this);
        public Tensor isneginf() => Ops.isneginf.T(this);
        public Tensor maximum(Tensor other) => Ops.maximum.T(this, other);
        public Tensor minimum(Tensor other) => Ops.minimum.T(this, other);
        public Tensor fmax(Tensor other) => Ops.fmax.T(this, other);
        public Tensor fmin(Tensor other) => Ops.fmin.T(this, other);
    }
}
