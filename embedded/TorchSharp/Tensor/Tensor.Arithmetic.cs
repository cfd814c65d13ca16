using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public partial class Tensor
    {
        public Tensor add(Tensor target) => Ops.add_Tensor.T(this, target);
        public Tensor add(Tensor target, Scalar alpha) => Ops.add_Tensor.T(this, target, alpha);
        public Tensor add(Scalar scalar) => Ops.add_Scalar.T(this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Ops.add_Scalar.T(this, scalar, alpha);
        public Tensor add_(Tensor target) => Ops.add__Tensor.On(this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Ops.add__Tensor.On(this, target, alpha);
        public Tensor add_(Scalar scalar) => Ops.add__Scalar.On(this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Ops.add__Scalar.On(this, scalar, alpha);
        public Tensor sub(Tensor target) => Ops.sub_Tensor.T(this, target);
        public Tensor sub(Scalar target) => Ops.sub_Scalar.T(this, target);
        public Tensor subtract(Tensor target) => sub(target);
        public Tensor subtract(Scalar target) => sub(target);
        public Tensor sub_(Tensor target) => Ops.sub__Tensor.On(this, target);
        public Tensor sub_(Scalar target) => Ops.sub__Scalar.On(this, target);
        public Tensor subtract_(Tensor target) => sub_(target);
        public Tensor subtract_(Scalar target) => sub_(target);
        public Tensor mul(Tensor target) => Ops.mul_Tensor.T(this, target);
        public Tensor mul(Scalar target) => Ops.mul_Scalar.T(this, target);
        public Tensor multiply(Tensor target) => mul(target);
        public Tensor multiply(Scalar target) => mul(target);
        public Tensor mul_(Tensor target) => Ops.mul__Tensor.On(this, target);
        public Tensor mul_(Scalar target) => Ops.mul__Scalar.On(this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Ops.div_Tensor_mode.T(this, target, Name(rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Ops.div_Scalar_mode.T(this, target, Name(rounding_mode));
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Ops.div__Tensor_mode.On(this, target, Name(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Ops.div__Scalar_mode.On(this, target, Name(rounding_mode));
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor floor_divide(Tensor other) => Ops.floor_divide.T(this, other);
        public Tensor floor_divide(Scalar other) => Ops.floor_divide_Scalar.T(this, other);
        public Tensor floor_divide_(Tensor other) => Ops.floor_divide__Tensor.On(this, other);
        public Tensor floor_divide_(Scalar other) => Ops.floor_divide__Scalar.On(this, other);
        public Tensor true_divide(Tensor other) => Ops.div_Tensor.T(this, other);
        public Tensor true_divide(Scalar other) => Ops.div_Scalar.T(this, other);
        public Tensor fmod(Tensor target) => Ops.fmod_Tensor.T(this, target);
        public Tensor fmod(Scalar scalar) => Ops.fmod_Scalar.T(this, scalar);
        public Tensor remainder(Tensor target) => Ops.remainder_Tensor.T(this, target);
        public Tensor remainder(Scalar scalar) => Ops.remainder_Scalar.T(this, scalar);
        public Tensor remainder_(Tensor target) => Ops.remainder__Tensor.On(this, target);
        public Tensor remainder_(Scalar scalar) => Ops.remainder__Scalar.On(this, scalar);
        public Tensor pow(Tensor exponent) => Ops.pow_Tensor_Tensor.T(this, exponent);
        public Tensor pow(Scalar exponent) => Ops.pow_Tensor_Scalar.T(this, exponent);
        public Tensor pow_(Tensor exponent) => Ops.pow__Tensor.On(this, exponent);
        public Tensor pow_(Scalar exponent) => Ops.pow__Scalar.On(this, exponent);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcmul.T(this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcmul_.On(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcdiv.T(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Ops.addcdiv.T(this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.addcdiv_.On(this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Ops.addcdiv_.On(this, tensor1, tensor2);
        public Tensor lerp(Tensor end, Tensor weight) => Ops.lerp_Tensor.T(this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Ops.lerp__Tensor.On(this, end, weight);
        public Tensor atan2(Tensor other) => Ops.atan2.T(this, other);
        public Tensor atan2_(Tensor other) => Ops.atan2_.On(this, other);
        public Tensor arctan2(Tensor other) => atan2(other);
        public Tensor hypot(Tensor other) => Ops.hypot.T(this, other);
        public Tensor logaddexp(Tensor other) => Ops.logaddexp.T(this, other);
        public Tensor logaddexp2(Tensor other) => Ops.logaddexp2.T(this, other);
        public Tensor xlogy(Tensor y) => Ops.xlogy_Tensor.T(this, y);
        public Tensor copysign(Tensor other) => Ops.copysign_Tensor.T(this, other);
        public Tensor heaviside(Tensor other) => Ops.heaviside.T(this, other);
        public Tensor float_power(Tensor target) => Ops.float_power_Tensor_Tensor.T(this, target);
        public Tensor bitwise_and(Tensor other) => Ops.bitwise_and_Tensor.T(this, other);
        public Tensor bitwise_and_(Tensor other) => Ops.bitwise_and__Tensor.On(this, other);
        public Tensor bitwise_or(Tensor other) => Ops.bitwise_or_Tensor.T(this, other);
        public Tensor bitwise_or_(Tensor other) => Ops.bitwise_or__Tensor.On(this, other);
        public Tensor bitwise_right_shift(Tensor other) => Ops.bitwise_right_shift_Tensor.T(this, other);
        public Tensor bitwise_xor(Tensor other) => Ops.bitwise_xor_Tensor.T(this, other);
        public Tensor bitwise_xor_(Tensor other) => Ops.bitwise_xor__Tensor.On(this, other);
        public Tensor logical_and(Tensor other) => Ops.logical_and.T(this, other);
        public Tensor logical_and_(Tensor other) => Ops.logical_and_.On(this, other);
        public Tensor logical_or(Tensor other) => Ops.logical_or.T(this, other);
        public Tensor logical_or_(Tensor other) => Ops.logical_or_.On(this, other);
        public Tensor logical_xor(Tensor other) => Ops.logical_xor.T(this, other);
        public Tensor logical_xor_(Tensor other) => Ops.logical_xor_.On(this, other);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Ops.clamp.T(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Ops.clamp_Tensor.T(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Ops.clamp_.On(this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Ops.clamp__Tensor.On(this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_max(Scalar max) => Ops.clamp_max.T(this, max);
        public Tensor clamp_max_(Scalar max) => Ops.clamp_max_.On(this, max);
        public Tensor clamp_min(Scalar min) => Ops.clamp_min.T(this, min);
        public Tensor clamp_min_(Scalar min) => Ops.clamp_min_.On(this, min);
        public Tensor fill_(Scalar value) => Ops.fill__Scalar.On(this, value);
        public Tensor zero_() => Ops.zero_.On(this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Ops.copy_.On(this, source, nonBlocking);

        private static string? Name(RoundingMode mode) => mode switch
        {
            RoundingMode.None => null,
            RoundingMode.trunc => "trunc",
            RoundingMode.floor => "floor",
            _ => throw new ArgumentException("Unsupported rounding mode.", nameof(mode)),
        };
    }
}
