using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Persistence;
using Xunit;
using static MLPipelines.Core.Tests.Persistence.TensorFiles;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Memory-mapped files: the same content and the same refusals as when a stream is read.</summary>
public sealed class SafetensorsFileTests : IDisposable
{
    readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Tensors_are_read_in_pieces()
    {
        var large = new float[(36 << 20) / 4];
        for (var i = 0; i < large.Length; i++) large[i] = i;
        File.WriteAllBytes(_path, Write(new() { ["large"] = new("F32", [9, 1 << 20], Bytes(large)), ["one"] = new("F16", [], Bytes((Half)1.5)), ["none"] = new("F32", [0], default) }));
        using var file = TensorFile.Open(_path);
        var (next, pieces) = (0L, 0);

        file.Tensors["large"].Read((piece, offset) =>
        {
            Assert.Equal(next, offset);
            Assert.Equal(offset / 4, BitConverter.ToSingle(piece));
            (next, pieces) = (next + piece.Length, pieces + 1);
        });

        Assert.Equal((36L << 20, 36), (next, pieces));
        Assert.Equal([1.5], Values(file.Tensors["one"]));
        Assert.Empty(Values(file.Tensors["none"]));
        Assert.Equal([9L, 1L << 20], file.Tensors["large"].Shape);
        Assert.Equal(new FileInfo(_path).Length, file.Length);
    }

    [Fact]
    public void Header_whose_length_begins_like_a_zip_is_read()
    {
        var file = Write(new() { ["one"] = new("F32", [1], Bytes(2f)) });
        var header = System.Text.Encoding.UTF8.GetString(file.AsSpan(8..^4)).TrimEnd().PadRight(0x4B50);
        File.WriteAllBytes(_path, [.. Raw(0x4B50, header), .. file[^4..]]);
        Assert.Equal("PK", System.Text.Encoding.ASCII.GetString(File.ReadAllBytes(_path).AsSpan(..2)));
        using var opened = TensorFile.Open(_path);
        Assert.Equal([2.0], Values(opened.Tensors["one"]));
    }

    [Theory]
    [MemberData(nameof(HostileSafetensorsTests.Files), MemberType = typeof(HostileSafetensorsTests))]
    public void Hostile_file_is_refused(string what, byte[] content, string message)
    {
        Assert.NotEmpty(what);
        File.WriteAllBytes(_path, content);

        var error = Assert.Throws<InvalidDataException>(ReadAll);

        Assert.StartsWith("MLP030: " + message.Replace("(test)", $"({_path})", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_that_is_not_finite_is_refused()
    {
        File.WriteAllBytes(_path, Write(new() { ["a"] = new("BF16", [40], new byte[80]) }));
        var content = File.ReadAllBytes(_path);
        (content[^40], content[^39]) = (0x80, 0x7F); // infinity
        File.WriteAllBytes(_path, content);

        Assert.Contains("the tensor 'a' holds a value that is not finite", Assert.Throws<InvalidDataException>(ReadAll).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damage_is_read_or_refused()
    {
        var file = Write(new() { ["a"] = new("F32", [2, 2], Bytes(1f, 2f, 3f, 4f)), ["b"] = new("BOOL", [2], new byte[] { 0, 1 }), ["c"] = new("I64", [1], Bytes(7L)) });
        var changes = from place in Gen.Choose(0, file.Length - 1) from value in Gen.Choose(0, 255) select (place, (byte)value);
        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            var changed = (byte[])file.Clone();
            changed[change.place] = change.Item2;
            File.WriteAllBytes(_path, changed);
            try
            {
                ReadAll();
            }
            catch (InvalidDataException exception)
            {
                Assert.Matches("^MLP03[019]", exception.Message);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    void ReadAll()
    {
        using var file = TensorFile.Open(_path);
        foreach (var tensor in file.Tensors.Values) tensor.Read((_, _) => { });
    }
}
