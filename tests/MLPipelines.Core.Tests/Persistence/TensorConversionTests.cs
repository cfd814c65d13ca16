using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Persistence;
using Xunit;
using static MLPipelines.Core.Tests.Persistence.TensorFiles;

namespace MLPipelines.Core.Tests.Persistence;

public sealed class TensorConversionTests
{
    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-2.5f, 0xC020)]
    [InlineData(1.00390625f, 0x3F80)] // halfway between two neighbours: to the even one
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(1.00390637f, 0x3F81)] // just above halfway
    [InlineData(1.99999988f, 0x4000)] // up into the next power of two
    [InlineData(1e-40f, 0x0001)]
    public void Numbers_are_rounded_to_the_nearest_bfloat16(float value, int bits)
        => Assert.Equal([(ushort)bits], Bits(new TensorData("F32", [1], Bytes(value)).To("BF16", "a")));

    [Theory]
    [InlineData(1, 1, 0x3F81)] // 1 + 2⁻⁸ + 2⁻⁴⁰: as a float it would lie halfway
    [InlineData(1, -1, 0x3F80)]
    [InlineData(-1, 1, 0xBF80)]
    [InlineData(-1, -1, 0xBF81)]
    public void A_double_is_rounded_once_to_bfloat16(int sign, int side, int bits)
        => Assert.Equal([(ushort)bits], Bits(new TensorData("F64", [1], Bytes(sign + (Math.ScaleB(1, -8) * sign) + (Math.ScaleB(1, -40) * side))).To("BF16", "a")));

    [Fact]
    public void A_double_is_rounded_once_to_half() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var value = (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-26, 17));
        var near = BitConverter.UInt16BitsToHalf((ushort)random.Next(0x7BFF));
        var halfway = ((double)near + (double)BitConverter.UInt16BitsToHalf((ushort)(BitConverter.HalfToUInt16Bits(near) + 1))) / 2;
        foreach (var number in (double[])[value, halfway, halfway * (1 + Math.ScaleB(1, -40)), halfway * (1 - Math.ScaleB(1, -40))])
            if (Half.IsFinite((Half)number)) Assert.Equal(BitConverter.HalfToUInt16Bits((Half)number), Bits(new TensorData("F64", [1], Bytes(number)).To("F16", "a")).Single());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Not_a_number_stays_one()
        => Assert.All(Bits(new TensorData("F32", [3], Bytes(BitConverter.UInt32BitsToSingle(0x7FFFFFFF), float.NaN, BitConverter.UInt32BitsToSingle(0x7F800001))).To("BF16", "a")), bits => Assert.True((bits & 0x7F80) == 0x7F80 && (bits & 0x7F) != 0));

    [Fact]
    public void Any_half_survives_a_wider_type()
        => Prop.ForAll(Gen.Choose(0, 0xFFFF).Where(bits => (bits & 0x7C00) != 0x7C00).ToArbitrary(), bits =>
        {
            var wide = new TensorData("F16", [1], Bytes((ushort)bits)).To("F32", "a");
            Assert.Equal((double)BitConverter.UInt16BitsToHalf((ushort)bits), Values(wide).Single());
            Assert.Equal([(ushort)bits], Bits(wide.To("F16", "a")));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_bfloat16_survives_a_wider_type()
        => Prop.ForAll(Gen.Choose(0, 0xFFFF).Where(bits => (bits & 0x7F80) != 0x7F80).ToArbitrary(), bits =>
            Assert.Equal([(ushort)bits], Bits(new TensorData("BF16", [1], Bytes((ushort)bits)).To("F32", "a").To("BF16", "a")))).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Doubles_become_floats_and_pieces_keep_their_places()
    {
        var values = Enumerable.Range(0, 700_000).Select(i => i / 3.0).ToArray();
        using var file = TorchFile.Open(
            new MemoryStream(PickleAssembler.File(PickleAssembler.Tensors(PickleAssembler.Tensor("a", values.Length, 0, [values.Length], [1], "DoubleStorage")), ("0", Bytes(values)))), "test");
        var next = 0L;

        var read = file.Tensors["a"].To("F32", "a");
        read.Read((piece, offset) =>
        {
            Assert.Equal(next, offset);
            next += piece.Length;
        });

        Assert.Equal(values.Length * 4L, next);
        Assert.Equal(values.Select(value => (double)(float)value), Values(read));
    }

    [Fact]
    public void Whole_numbers_are_left_alone()
    {
        var ids = new TensorData("I64", [1], Bytes(7L));

        Assert.Same(ids, ids.To("BF16", "ids"));
    }

    [Theory]
    [InlineData("F16", 70000f)]
    [InlineData("BF16", float.MaxValue)]
    public void Value_that_does_not_fit_is_refused(string type, float value)
    {
        var error = Assert.Throws<ArgumentException>(() => new TensorData("F32", [1], Bytes(value)).To(type, "a").Read((_, _) => { }));

        Assert.Equal($"MLP032: the tensor 'a' cannot be written: it holds a value that {type} cannot.", error.Message);
    }

    [Fact]
    public void Type_without_conversion_is_refused() => Assert.Contains("cannot be converted to 'I8'", Assert.Throws<ArgumentException>(() => new TensorData("F32", [1], Bytes(1f)).To("I8", "a")).Message, StringComparison.Ordinal);

    static ushort[] Bits(ITensorSource tensor)
    {
        ushort[] bits = [];
        tensor.Read((piece, _) => bits = MemoryMarshal.Cast<byte, ushort>(piece).ToArray());
        return bits;
    }
}
