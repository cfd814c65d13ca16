using MLPipelines.Persistence;
using Xunit;
using static MLPipelines.Core.Tests.Persistence.PickleAssembler;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Files of PyTorch made to do harm: each is refused with a message that says why, and nothing is allocated because a number says so.</summary>
public sealed class HostileTorchFileTests
{
    const string TwoWays = "the storage '0' is described in two ways";

    static readonly (string, byte[]) s_four = ("0", new byte[16]);

    public static TheoryData<string, byte[], string> Files => new()
    {
        { "no zip", "PK nothing"u8.ToArray(), "the file is not a readable zip" },
        { "no pickle", Zip(("x/other", [])), "the zip has no pickle of its own (test). Expected: one entry NAME/data.pkl. Got: 0" },
        { "two pickles", Zip(("x/data.pkl", []), ("y/data.pkl", [])), "the zip has no pickle of its own (test). Expected: one entry NAME/data.pkl. Got: 2" },
        { "entry twice", Zip(("x/data.pkl", []), ("x/data.pkl", [])), "the entry 'x/data.pkl' is there twice" },
        { "TorchScript", Zip(("x/data.pkl", []), ("x/constants.pkl", [])), "the file is a TorchScript program" },
        { "big endian", Zip(("x/data.pkl", Program("}")), ("x/byteorder", "big"u8.ToArray())), "the numbers are not little endian" },
        { "empty pickle", File([]), "the pickle ends early" },
        { "other protocol", File([0x80, 4, (byte)'}', (byte)'.']), "the pickle has another protocol (test, x/data.pkl). Expected: 2, which torch.save writes. Got: 4" },
        { "list", File(Program("]")), "the file holds no dictionary" },
        { "two results", File(Program("}}")), "the pickle ends with something left over" },
        { "open group", File(Program("(}")), "the pickle ends with something left over" },
        { "only a mark", File(Program("(")), "the pickle ends with something left over" },
        { "no end", File([0x80, 2, (byte)'}']), "the pickle ends early" },
        { "system call", File(Program("cos\nsystem\n(", Text("false"), "tR")), "the pickle refers to 'os.system'" },
        { "function without call", File(Program("cbuiltins\neval\n")), "the pickle refers to 'builtins.eval'" },
        { "known name of another module", File(Program("cevil\nOrderedDict\n)R")), "the pickle refers to 'evil.OrderedDict'" },
        { "object", File(Program("}}", 0x81)), "the instruction 0x81 at byte 4" },
        { "instance", File(Program("ios\nsystem\n")), "the instruction 0x69" },
        { "extension", File(Program(0x82, 1)), "the instruction 0x82" },
        { "name on the stack", File(Program(Text("os"), Text("system"), 0x93)), "the instruction 0x93" },
        { "call of a dictionary", File(Program("})R")), "a call in the pickle" },
        { "call of a storage type", File(Program("ctorch\nFloatStorage\n)R")), "a call in the pickle" },
        { "ordered dictionary with content", File(Program("ccollections\nOrderedDict\n(]tR")), "an OrderedDict in the pickle" },
        { "state of a list", File(Program("]}b")), "a state in the pickle" },
        { "nothing to pop", File(Program("a")), "an instruction in the pickle" },
        { "mark popped", File(Program("](a")), "an instruction in the pickle" },
        { "no mark", File(Program("}u")), "a group in the pickle" },
        { "half an item", File(Program("}(", Text("a"), "u")), "a dictionary in the pickle" },
        { "list as key", File(Program("}(]Nu")), "a key in the pickle" },
        { "name twice", File(Program("}(", Text("a"), "N", Text("a"), "Nu")), "the name 'a' occurs twice" },
        { "memo that is empty", File(Program("h", 5)), "a memo in the pickle" },
        { "memo far away", File(Program("}r", new byte[] { 255, 255, 255, 255 })), "a memo in the pickle" },
        { "long text", File(Program("X", new byte[] { 255, 255, 255, 255 })), "the pickle ends early" },
        { "text that is none", File(Program("X", new byte[] { 1, 0, 0, 0, 0xFF })), "a text in the pickle is not valid UTF-8" },
        { "large number", File(Program(0x8A, 9, new byte[9])), "a number in the pickle" },
        { "storage of something", File(Program(Text("a"), "Q")), "a storage in the pickle" },
        { "storage of a module", File(Program("(", Text("module"), "tQ")), "a storage in the pickle" },
        { "negative storage", File(Program(Storage("FloatStorage", "0", -1))), "a storage in the pickle" },
        { "complex storage", File(Tensors(Tensor("a", 1, 0, [1], [1], "ComplexFloatStorage")), s_four), "the pickle refers to 'torch.ComplexFloatStorage'" },
        { "tensor of nothing", File(Program("}(", Text("a"), "ctorch._utils\n_rebuild_tensor_v2\n)Ru")), "a tensor in the pickle" },
        { "sizes without steps", File(Tensors(Tensor("a", 4, 0, [2, 2], [1])), s_four), "a tensor in the pickle" },
        { "values missing", File(Tensors(Tensor("a", 4, 0, [4], [1]))), "the values of tensor 'a' are missing (test). Expected: an entry 'x/data/0'" },
        { "values too short", File(Tensors(Tensor("a", 5, 0, [5], [1])), s_four), "the values of tensor 'a' have another length than the pickle says (test). Expected: 5 elements of F32. Got: 16 bytes" },
        { "values too long", File(Tensors(Tensor("a", 3, 0, [3], [1])), s_four), "the values of tensor 'a' have another length" },
        { "past the end", File(Tensors(Tensor("a", 4, 1, [4], [1])), s_four), "the tensor 'a' reaches past the end of its storage" },
        { "wide steps", File(Tensors(Tensor("a", 4, 0, [2, 2], [3, 1])), s_four), "the tensor 'a' reaches past the end of its storage" },
        { "steps that overflow", File(Tensors(Tensor("a", 4, 0, [3], [long.MaxValue])), s_four), "the tensor 'a' reaches past the end of its storage" },
        { "offset that overflows", File(Tensors(Tensor("a", 4, long.MaxValue, [2], [1])), s_four), "the tensor 'a' reaches past the end of its storage" },
        { "negative offset", File(Tensors(Tensor("a", 4, -1, [1], [1])), s_four), "the tensor 'a' has sizes that are not possible" },
        { "negative size", File(Tensors(Tensor("a", 4, 0, [-1], [1])), s_four), "the tensor 'a' has sizes that are not possible" },
        { "negative step", File(Tensors(Tensor("a", 4, 3, [2], [-1])), s_four), "the tensor 'a' has sizes that are not possible" },
        { "size that overflows", File(Tensors(Tensor("a", 4, 0, [1L << 40, 1L << 40], [0, 0])), s_four), "the tensor 'a' has sizes that are not possible" },
        { "tensor larger than memory", File(Tensors(Tensor("a", 4, 0, [1L << 40], [0])), s_four), "the tensor 'a' is too large" },
        { "one element a million times", File(Tensors(Tensor("a", 4, 0, [1_000_000], [0])), s_four), "the tensor 'a' uses the same element twice" },
        { "overlapping rows", File(Tensors(Tensor("a", 4, 0, [2, 3], [1, 1])), s_four), "the tensor 'a' uses the same element twice" },
        { "storage of two types", File(Tensors(Tensor("a", 4, 0, [4], [1]), Tensor("b", 4, 0, [4], [1], "IntStorage")), s_four), TwoWays },
        { "storage of two sizes", File(Tensors(Tensor("a", 4, 0, [4], [1]), Tensor("b", 2, 0, [2], [1])), s_four), TwoWays },
        { "a million dictionaries", File(Program(new string('}', (1 << 20) + 1))), "the pickle holds too much" },
        { "a million lists", File(Program(new string(']', (1 << 20) + 1))), "the pickle holds too much" },
        { "a storage ten times", File(Tensors([.. Enumerable.Range(0, 10).Select(i => Tensor($"t{i}", 1 << 18, 0, [1 << 18], [1]))]), ("0", new byte[1 << 20])), "the tensors share their values too often" },
        { "two dictionaries", File(Program("}(", Text("a"), Tensors(Tensor("x", 4, 0, [4], [1]))[2..^1], Text("b"), Tensors(Tensor("x", 4, 0, [4], [1]))[2..^1], "u"), s_four), "it is not clear which dictionary holds the weights" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_refused(string what, byte[] file, string message)
    {
        Assert.NotEmpty(what);

        var error = Assert.Throws<InvalidDataException>(() => TorchFile.Open(new MemoryStream(file), "test"));

        Assert.StartsWith("MLP039: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Honest_file_made_by_hand_is_read()
    {
        using var file = TorchFile.Open(new MemoryStream(File(Tensors(Tensor("a", 4, 1, [2], [2]), Tensor("b", 4, 0, [0, 9], [9, 1])), ("0", TensorFiles.Bytes(1f, 2f, 3f, 4f)))), "test");

        Assert.Equal([2.0, 4.0], TensorFiles.Values(file.Tensors["a"]));
        Assert.Empty(TensorFiles.Values(file.Tensors["b"]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Value_that_is_not_finite_is_refused_when_it_is_read(float value)
    {
        using var file = TorchFile.Open(new MemoryStream(File(Tensors(Tensor("a", 4, 0, [4], [1])), ("0", TensorFiles.Bytes(1f, value, 3f, 4f)))), "test");

        var error = Assert.Throws<InvalidDataException>(() => file.Tensors["a"].Read((_, _) => { }));

        Assert.Equal("MLP031: the tensor 'a' holds a value that is not finite (test). If training diverged, lower the learning rate or clip gradients.", error.Message);
    }

    [Fact]
    public void Compressed_entries_are_refused_because_they_can_unpack_to_anything()
    {
        var stream = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("x/data.pkl").Open();
            entry.Write(new byte[1000]);
        }

        var error = Assert.Throws<InvalidDataException>(() => TorchFile.Open(stream, "test"));

        Assert.Contains("the entry 'x/data.pkl' is compressed or encrypted", error.Message, StringComparison.Ordinal);
    }

    // Every entry points to the same bytes: the directory of the zip, not the data, is repeated.
    [Fact]
    public void Entries_that_share_their_bytes_are_refused()
    {
        var file = Zip(("x/data.pkl", new byte[4000]), ("x/data/00", []));
        var directory = file.AsSpan().LastIndexOf("PK\x01\x02"u8);
        var first = file.AsSpan().IndexOf("PK\x01\x02"u8);
        file.AsSpan(first + 20, 8).CopyTo(file.AsSpan(directory + 20)); // lengths of the first entry
        file.AsSpan(first + 42, 4).CopyTo(file.AsSpan(directory + 42)); // and its place

        var error = Assert.Throws<InvalidDataException>(() => TorchFile.Open(new MemoryStream(file), "test"));

        Assert.Contains("the entries overlap", error.Message, StringComparison.Ordinal);
    }
}
