using MLPipelines.Persistence;
using MLPipelines.Testing;
using Xunit;
using static MLPipelines.Core.Tests.Persistence.TensorFiles;

namespace MLPipelines.Core.Tests.Persistence;

public sealed class SafetensorsTests
{
    [Fact]
    public void Written_tensors_are_read_back()
    {
        var tensors = new Dictionary<string, TensorData>
        {
            ["weight"] = new("F32", [2, 2], Bytes(1f, 2f, 3f, -4f)),
            ["ids"] = new("I64", [3], Bytes(1L, 2L, long.MaxValue)),
            ["flag"] = new("BOOL", [], new byte[] { 1 }),
            ["none"] = new("F16", [0, 7], default),
            ["名前 \"quoted\""] = new("U8", [1], new byte[] { 255 }),
        };
        var file = Write(tensors);

        foreach (var read in new[] { Safetensors.Read(file), Safetensors.Read(new MemoryStream(file)), Safetensors.Read(new Trickle(file)) })
        {
            Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
            Assert.All(tensors, entry =>
            {
                Assert.Equal(entry.Value.DType, read[entry.Key].DType);
                Assert.Equal(entry.Value.Shape, read[entry.Key].Shape);
                Assert.Equal(entry.Value.Data.ToArray(), read[entry.Key].Data.ToArray());
            });
        }
    }

    [Fact]
    public void Bytes_are_those_of_the_format()
    {
        var file = Write(new() { ["b"] = new("U8", [1], new byte[] { 7 }), ["a"] = new("F32", [1], Bytes(1f)) }, new() { ["format"] = "pt" });
        var header = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);

        Assert.Equal([.. Raw((ulong)header.Length, header), .. Bytes(1f), 7], file);
    }

    [Fact]
    public void Order_of_the_tensors_does_not_change_the_file()
    {
        KeyValuePair<string, TensorData>[] tensors = [new("b", new("F32", [1], Bytes(1f))), new("a", new("F32", [1], Bytes(2f))), new("c", new("F64", [1], Bytes(3.0)))];

        Assert.Equal(Write(tensors), Write(tensors.Reverse()));
    }

    [Fact]
    public void Metadata_are_read_without_the_data()
    {
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["空"] = "" };

        Assert.Equal(metadata, Safetensors.ReadMetadata(new MemoryStream(Write(new() { ["a"] = new("F32", [1], Bytes(1f)) }, metadata))));
    }

    [Fact]
    public void File_without_tensors_is_valid() => Assert.Empty(Safetensors.Read(Write([])));

    [Fact]
    public void Padded_header_is_accepted() => Assert.Single(Safetensors.Read(WithHeader("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}   """, 1)));

    [Fact]
    public void File_of_the_reference_implementation_is_read()
    {
        using var file = File.OpenRead(RepositoryFiles.Path("tests", "goldens", "roformer_v1_tiny.safetensors"));

        var tensors = Safetensors.Read(file);

        Assert.True(tensors.Count > 20);
        Assert.All(tensors.Values, tensor => Assert.Equal("F32", tensor.DType));
    }

    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 0xC0, 0x7F })]
    [InlineData("F32", new byte[] { 0, 0, 0x80, 0xFF })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x7F })]
    [InlineData("F16", new byte[] { 0x00, 0x7C })]
    [InlineData("BF16", new byte[] { 0x80, 0xFF })]
    [InlineData("F8_E5M2", new byte[] { 0x7C })]
    [InlineData("F8_E4M3", new byte[] { 0x7F })]
    public void Value_that_is_not_finite_is_refused_unless_allowed(string type, byte[] value)
    {
        var tensors = new Dictionary<string, TensorData> { ["w"] = new(type, [2], (byte[])[.. new byte[value.Length], .. value]) };
        using var file = new MemoryStream();
        Safetensors.Write(file, tensors, nonFinite: NonFinite.Allow);

        Assert.Equal("MLP031: the tensor 'w' holds a value that is not finite (test). If training diverged, lower the learning rate or clip gradients.",
            Assert.Throws<InvalidDataException>(() => Safetensors.Read(file.ToArray(), "test")).Message);
        Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream(file.ToArray()), "test"));
        Assert.Equal(tensors["w"].Data.ToArray(), Safetensors.Read(file.ToArray(), "test", NonFinite.Allow)["w"].Data.ToArray());

        using var untouched = new MemoryStream();
        Assert.Equal("MLP031: the tensor 'w' holds a value that is not finite (to be written). If training diverged, lower the learning rate or clip gradients.",
            Assert.Throws<InvalidDataException>(() => Safetensors.Write(untouched, tensors)).Message);
        Assert.Equal(0, untouched.Length);
    }

    [Theory]
    [InlineData("F32", new byte[] { 0xFF, 0xFF, 0x7F, 0x7F })]
    [InlineData("F32", new byte[] { 1, 0, 0, 0x80 })]
    [InlineData("F16", new byte[] { 0xFF, 0x7B })]
    [InlineData("BF16", new byte[] { 0x7F, 0x7F })]
    [InlineData("F8_E5M2", new byte[] { 0x7B })]
    [InlineData("F8_E4M3", new byte[] { 0x7E })]
    public void Largest_and_smallest_values_are_finite(string type, byte[] value) => Assert.Single(Safetensors.Read(Write(new() { ["w"] = new(type, [1], value) })));

    [Fact]
    public void Tensor_that_contradicts_itself_is_not_written()
    {
        Assert.Equal("MLP032: the tensor 'a' cannot be written: its shape [2, 3] does not fit its 4 bytes.", Refused(("a", new("F32", [2, 3], new byte[4]))));
        Assert.Equal("MLP032: the tensor 'a' cannot be written: its shape [-1] does not fit its 4 bytes.", Refused(("a", new("F32", [-1], new byte[4]))));
        Assert.Equal("MLP032: the tensor 'a' cannot be written: the type 'Q4' is unknown.", Refused(("a", new("Q4", [1], new byte[1]))));
        Assert.Equal("MLP032: the tensor 'a' cannot be written: the name occurs twice.", Refused(("a", new("U8", [1], new byte[1])), ("a", new("U8", [1], new byte[1]))));
        Assert.Equal("MLP032: the tensor '__metadata__' cannot be written: the name is reserved.", Refused(("__metadata__", new("U8", [1], new byte[1]))));

        static string Refused(params (string Name, TensorData Tensor)[] tensors)
            => Assert.Throws<ArgumentException>(() => Safetensors.Write(Stream.Null, tensors.Select(item => KeyValuePair.Create(item.Name, item.Tensor)))).Message;
    }
}
