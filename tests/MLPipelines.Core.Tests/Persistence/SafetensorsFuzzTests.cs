using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Persistence;
using Xunit;
using static MLPipelines.Core.Tests.Persistence.TensorFiles;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Whatever a file contains: it is read, or refused with the one exception that says so, and what is read agrees with itself.</summary>
public sealed class SafetensorsFuzzTests
{
    static readonly string[] s_types = ["BOOL", "U8", "I8", "I16", "U16", "I32", "U32", "I64", "U64", "F8_E4M3", "F8_E5M2", "F16", "BF16", "F32", "F64"];

    [Fact]
    public void Any_tensors_survive_writing_and_reading()
        => Prop.ForAll(Tensors().ToArbitrary(), tensors =>
        {
            var file = Write(tensors);
            Same(tensors, Safetensors.Read(file));
            Same(tensors, Safetensors.Read(new Trickle(file)));
        }).Check(Times(200));

    [Fact]
    public void Any_bytes_are_read_or_refused() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ReadOrRefuse).Check(Times(2_000));

    [Fact]
    public void Any_damage_to_a_file_is_read_or_refused() => Prop.ForAll(Damaged().ToArbitrary(), ReadOrRefuse).Check(Times(3_000));

    [Fact]
    public void Any_shortened_file_is_refused()
        => Prop.ForAll(Tensors().ToArbitrary(), tensors =>
        {
            var file = Write(tensors);
            for (var length = 0; length < file.Length; length += 1 + (file.Length / 40))
                Assert.Throws<InvalidDataException>(() => Safetensors.Read(file.AsMemory(0, length)));
        }).Check(Times(100));

    static Config Times(int count) => Config.QuickThrowOnFailure.WithMaxTest(count);

    static void ReadOrRefuse(byte[] file)
    {
        try
        {
            foreach (var tensor in Safetensors.Read(file).Values) Assert.InRange(tensor.Data.Length, 0, file.Length);
            Safetensors.Read(new MemoryStream(file));
        }
        catch (InvalidDataException exception)
        {
            Assert.StartsWith("MLP03", exception.Message, StringComparison.Ordinal);
        }
    }

    static void Same(Dictionary<string, TensorData> expected, IReadOnlyDictionary<string, TensorData> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected)
        {
            Assert.Equal((tensor.DType, string.Join(",", tensor.Shape)), (actual[name].DType, string.Join(",", actual[name].Shape)));
            Assert.True(tensor.Data.Span.SequenceEqual(actual[name].Data.Span));
        }
    }

    static Gen<Dictionary<string, TensorData>> Tensors()
        => from count in Gen.Choose(0, 5)
           from tensors in Gen.ArrayOf(Tensor(), count)
           select tensors.Select((tensor, i) => KeyValuePair.Create($"layer.{i}.é\"", tensor)).ToDictionary();

    // Bytes of 0 and 1 only: finite and a valid BOOL in every type.
    static Gen<TensorData> Tensor()
        => from type in Gen.Elements(s_types)
           from rank in Gen.Choose(0, 3)
           from shape in Gen.ArrayOf(Gen.Choose(0, 4), rank)
           let bytes = shape.Aggregate(SizeOf(type), (product, size) => product * size)
           from data in Gen.ArrayOf(Gen.Choose(0, 1), bytes)
           select new TensorData(type, [.. shape.Select(size => (long)size)], data.Select(value => (byte)value).ToArray());

    static int SizeOf(string type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" => 1,
        "I16" or "U16" or "F16" or "BF16" => 2,
        "I32" or "U32" or "F32" => 4,
        _ => 8,
    };

    // Half of the damage is characters that mean something in the header, where it can do harm.
    static Gen<byte[]> Damaged()
        => from tensors in Tensors()
           let file = Write(tensors)
           from changes in Gen.Choose(1, 4)
           from places in Gen.ArrayOf(Gen.Choose(0, file.Length - 1), changes)
           from values in Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 255), Gen.Elements("0123456789{}[],:\"-.e".Select(character => (int)character).ToArray())), changes)
           select Changed(file, places, values);

    static byte[] Changed(byte[] file, int[] places, int[] values)
    {
        var changed = (byte[])file.Clone();
        for (var i = 0; i < places.Length; i++) changed[places[i]] = (byte)values[i];
        return changed;
    }
}
