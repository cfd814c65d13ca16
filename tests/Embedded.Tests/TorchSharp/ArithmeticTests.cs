using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class ArithmeticTests
{
    private static Tensor Row(params float[] values) => tensor(values);

    [Fact]
    public void Operators_work_with_tensors_and_numbers_on_either_side()
    {
        var x = Row(1, 2, 4);
        var y = Row(2, 2, 2);
        Expect.Equal(x + y, 3, 4, 6);
        Expect.Equal(x - y, -1, 0, 2);
        Expect.Equal(x * y, 2, 4, 8);
        Expect.Equal(x / y, 0.5, 1, 2);
        Expect.Equal(x % y, 1, 0, 0);
        Expect.Equal(x + 1, 2, 3, 5);
        Expect.Equal(1 + x, 2, 3, 5);
        Expect.Equal(x - 1.5, -0.5, 0.5, 2.5);
        Expect.Equal(1 - x, 0, -1, -3);
        Expect.Equal(x * 2f, 2, 4, 8);
        Expect.Equal(3L * x, 3, 6, 12);
        Expect.Equal(x / 2, 0.5, 1, 2);
        Expect.Equal(1.0 / x, 1, 0.5, 0.25);
        Expect.Equal(-x, -1, -2, -4);
    }

    [Fact]
    public void A_number_does_not_change_the_type_of_a_tensor()
    {
        Assert.Equal(ScalarType.Float32, (Row(1) * 2.0).dtype);
        Assert.Equal(ScalarType.BFloat16, (ones(1, dtype: bfloat16) + 1.5).dtype);
        Assert.Equal(ScalarType.Int64, (tensor(new long[] { 1 }) + 1).dtype);
        Assert.Equal(ScalarType.Float32, (tensor(new long[] { 1 }) + 1.5).dtype);
    }

    [Fact]
    public void Alpha_scales_the_second_operand()
    {
        Expect.Equal(Row(1, 2).add(Row(10, 20), alpha: 0.5), 6, 12);
        Expect.Equal(Row(1, 2).addcmul(Row(2, 3), Row(4, 5), 10), 81, 152);
        Expect.Equal(Row(1, 2).addcdiv(Row(2, 3), Row(4, 6), 10), 6, 7);
        Expect.Equal(Row(0, 10).lerp(Row(10, 20), tensor(0.25f)), 2.5, 12.5);
    }

    [Fact]
    public void In_place_variants_change_and_return_the_tensor()
    {
        var x = Row(1, 4, 9);
        Assert.Same(x, x.add_(1));
        Assert.Same(x, x.mul_(Row(2, 2, 2)));
        Expect.Equal(x, 4, 10, 20);
        Expect.Equal(x.sub_(4).div_(2).add_(Row(1, 1, 1), 2), 2, 5, 10);
        Expect.Equal(x.clamp_(3, 6), 3, 5, 6);
        Expect.Equal(x.addcmul_(Row(1, 1, 1), Row(2, 2, 2), 0.5), 4, 6, 7);
        Expect.Equal(x.addcdiv_(Row(1, 1, 1), Row(2, 2, 2), 2), 5, 7, 8);
        Expect.Equal(x.lerp_(Row(7, 9, 10), tensor(0.5f)), 6, 8, 9);
        Expect.Equal(x.fill_(2), 2, 2, 2);
        Expect.Equal(x.copy_(Row(1, 2, 3)), 1, 2, 3);
        Expect.Equal(x.zero_(), 0, 0, 0);
    }

    [Fact]
    public void Element_wise_functions_give_the_textbook_values()
    {
        var x = tensor(new[] { -1.0, 0, 2 });
        Expect.Equal(x.abs(), 1, 0, 2);
        Expect.Equal(x.sign(), -1, 0, 1);
        Expect.Equal(x.exp(), Math.Exp(-1), 1, Math.Exp(2));
        Expect.Equal(x.expm1(), Math.Exp(-1) - 1, 0, Math.Exp(2) - 1);
        Expect.Equal((x + 2).log(), 0, Math.Log(2), Math.Log(4));
        Expect.Equal((x + 1).log1p(), 0, Math.Log(2), Math.Log(4));
        Expect.Equal((x + 2).sqrt(), 1, Math.Sqrt(2), 2);
        Expect.Equal((x + 2).rsqrt(), 1, 1 / Math.Sqrt(2), 0.5);
        Expect.Equal(x.sin(), Math.Sin(-1), 0, Math.Sin(2));
        Expect.Equal(x.cos(), Math.Cos(-1), 1, Math.Cos(2));
        Expect.Equal(x.tanh(), Math.Tanh(-1), 0, Math.Tanh(2));
        Expect.Equal(x.sigmoid(), 1 / (1 + Math.E), 0.5, 1 / (1 + Math.Exp(-2)));
        Expect.Equal(x.relu(), 0, 0, 2);
        Expect.Equal(x.silu(), -1 / (1 + Math.E), 0, 2 / (1 + Math.Exp(-2)));
        Expect.Close(x.erf(), 1e-9, -0.842700792949715, 0, 0.995322265018953);
        Expect.Close(x.gelu(), 1e-7, -0.158655253931457, 0, 1.954499736103642);
        Expect.Equal(x.pow(2), 1, 0, 4);
        Expect.Equal(x.square(), 1, 0, 4);
        Expect.Equal(x.clamp(-0.5, 1), -0.5, 0, 1);
        Expect.Equal(x.clamp_min(0), 0, 0, 2);
        Expect.Equal(x.reciprocal(), -1, double.PositiveInfinity, 0.5);
        Expect.Equal(tensor(new[] { 0.5, 1.5, -1.5 }).round(), 0, 2, -2);
        Expect.Equal(tensor(new[] { 0.5, -1.5 }).floor(), 0, -2);
        Expect.Equal(tensor(new[] { 0.5, -1.5 }).ceil(), 1, -1);
    }

    [Fact]
    public void Division_rounds_as_asked()
    {
        var x = tensor(new[] { 7.0, -7.0 });
        Expect.Equal(x.div(2, RoundingMode.floor), 3, -4);
        Expect.Equal(x.div(tensor(2.0), RoundingMode.trunc), 3, -3);
        Expect.Equal(tensor(new long[] { 7, -7 }).floor_divide(2), 3, -4);
    }

    [Fact]
    public void Comparisons_and_logic_give_truth_values()
    {
        var x = Row(1, 2, 3);
        Assert.Equal(ScalarType.Bool, (x > 2).dtype);
        Assert.Equal([false, false, true], (x > 2).data<bool>().ToArray());
        Assert.Equal([true, false, true], (x != 2).data<bool>().ToArray());
        Assert.Equal([true, true, false], (x <= Row(1, 5, 2)).data<bool>().ToArray());
        Assert.Equal([false, true, false], x.eq(2).data<bool>().ToArray());
        Assert.Equal([false, true, true], (2 <= x).data<bool>().ToArray());
        var odd = tensor(new[] { true, false, true });
        Assert.Equal([false, false, true], (odd & (x > 2)).data<bool>().ToArray());
        Assert.Equal([true, false, true], (odd | (x > 2)).data<bool>().ToArray());
        Assert.Equal([true, false, false], (odd ^ (x > 2)).data<bool>().ToArray());
        Assert.Equal([false, true, false], (~odd).data<bool>().ToArray());
        Assert.Equal([false, true, false], odd.logical_not().data<bool>().ToArray());
        Assert.True(odd.any().item<bool>());
        Assert.False(odd.all().item<bool>());
        Assert.True(x.allclose(Row(1, 2, 3.000001f)));
        Assert.False(x.allclose(Row(1, 2, 3.1f)));
        Assert.True(x.Equals(Row(1, 2, 3)));
    }

    [Fact]
    public void Not_a_number_and_infinity_are_told_apart()
    {
        var x = Row(1, float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        Assert.Equal([false, true, false, false], x.isnan().data<bool>().ToArray());
        Assert.Equal([true, false, false, false], x.isfinite().data<bool>().ToArray());
        Assert.Equal([false, false, true, true], x.isinf().data<bool>().ToArray());
        Expect.Equal(x.nan_to_num(0, 9, -9), 1, 0, 9, -9);
    }
}
