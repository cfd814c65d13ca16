using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Persistence;
using MLPipelines.Testing;
using Xunit;
using static MLPipelines.Core.Tests.Persistence.PickleAssembler;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Whatever a file of PyTorch contains: it is read, or refused with the one exception that says so.</summary>
public sealed class TorchFileFuzzTests
{
    const string Instructions = ".(NKMJGX}]tasueqrhjcQRb\x85\x86\x87\x88\x89\x8a\x80\x81\x82\x93iopIFLSVU0123lgd\n";

    static readonly byte[][] s_real = [.. new[] { "torch_tensors.bin", "torch_training.bin" }.Select(name => System.IO.File.ReadAllBytes(RepositoryFiles.Path("tests", "goldens", name)))];

    // Pieces of honest pickles in any order reach further into the machine than arbitrary bytes do.
    static readonly byte[][] s_pieces =
    [
        Text("a"), Text("storage"), Number(4), Number(-1), Tuple(2, 2), Storage("FloatStorage", "0", 4), Storage("HalfStorage", "0", 8), Tensor("a", 4, 0, [4], [1]),
        [.. "ccollections\nOrderedDict\n)R"u8], [.. "ctorch._utils\n_rebuild_tensor_v2\n"u8], [.. "ctorch._utils\n_rebuild_parameter\n"u8], [.. "cos\nsystem\n"u8], [.. "}(]Nu"u8],
    ];

    [Fact]
    public void Any_damage_to_a_file_is_read_or_refused()
        => Prop.ForAll((from file in Gen.Elements(s_real) from changed in Changes(file) select changed).ToArbitrary(), ReadOrRefuse).Check(Times(2_000));

    [Fact]
    public void Any_damage_to_a_pickle_is_read_or_refused()
    {
        var pickle = Tensors(Tensor("a", 4, 0, [2, 2], [2, 1]), Tensor("b", 4, 1, [3], [1]), Tensor("c", 4, 0, [1, 4], [9, 1]));
        Prop.ForAll(Changes(pickle).ToArbitrary(), changed => ReadOrRefuse(File(changed, ("0", TensorFiles.Bytes(1f, 2f, 3f, 4f))))).Check(Times(4_000));
    }

    [Fact]
    public void Any_program_is_run_or_refused()
        => Prop.ForAll((from count in Gen.Choose(1, 40) from parts in Gen.ArrayOf(Part(), count) select Program([.. parts])).ToArbitrary(),
            program => ReadOrRefuse(File(program, ("0", TensorFiles.Bytes(1f, 2f, 3f, 4f))))).Check(Times(4_000));

    [Fact]
    public void Any_shortened_file_is_refused()
        => Assert.All(s_real, file =>
        {
            for (var length = 0; length < file.Length; length += 7) Assert.Throws<InvalidDataException>(() => ReadAll(file[..length]));
        });

    [Fact]
    public void Stored_values_that_claim_to_be_compressed_are_refused()
        => Assert.All(s_real, file =>
        {
            // The compression method in the headers of a zip's entries and in its directory; the first entry, the pickle, stays as it is.
            var changed = (byte[])file.Clone();
            foreach (var (signature, method) in new[] { ("PK\u0003\u0004", 8), ("PK\u0001\u0002", 10) })
            {
                var headers = Enumerable.Range(0, file.Length - 4).Where(i => file.AsSpan(i, 4).SequenceEqual(System.Text.Encoding.ASCII.GetBytes(signature))).ToList();
                Assert.InRange(headers.Count, 2, int.MaxValue);
                foreach (var header in headers.Skip(1)) changed[header + method] = 8;
            }

            Assert.StartsWith("MLP0", Assert.Throws<InvalidDataException>(() => ReadAll(changed)).Message, StringComparison.Ordinal);
        });

    static Config Times(int count) => Config.QuickThrowOnFailure.WithMaxTest(count);

    static Gen<object> Part()
        => Gen.OneOf(Gen.Elements(s_pieces).Select(piece => (object)piece), Gen.Elements(Instructions.ToCharArray()).Select(instruction => (object)(int)instruction), Gen.Choose(0, 255).Select(number => (object)number));

    static Gen<byte[]> Changes(byte[] file)
        => from count in Gen.Choose(1, 5)
           from places in Gen.ArrayOf(Gen.Choose(0, file.Length - 1), count)
           from values in Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(Instructions.ToCharArray()).Select(instruction => (int)instruction)), count)
           select Changed(file, places, values);

    static byte[] Changed(byte[] file, int[] places, int[] values)
    {
        var changed = (byte[])file.Clone();
        for (var i = 0; i < places.Length; i++) changed[places[i]] = (byte)values[i];
        return changed;
    }

    static void ReadOrRefuse(byte[] file)
    {
        try
        {
            ReadAll(file);
        }
        catch (InvalidDataException exception)
        {
            Assert.Matches("^MLP0(30|31|39)", exception.Message);
        }
    }

    static void ReadAll(byte[] file)
    {
        using var opened = TorchFile.Open(new MemoryStream(file), "test");
        foreach (var tensor in opened.Tensors.Values)
        {
            var bytes = 0L;
            tensor.Read((piece, offset) =>
            {
                Assert.Equal(bytes, offset);
                bytes += piece.Length;
            });
            Assert.InRange(bytes, 0, file.Length);
        }
    }
}
