using MLPipelines.Persistence;
using Xunit;
using static MLPipelines.Core.Tests.Persistence.TensorFiles;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Files made to do harm: each is refused, in every way of reading, with a message that says why.</summary>
public sealed class HostileSafetensorsTests
{
    const string Malformed = "the entry of tensor 'a' is malformed (test). Expected: a dtype string, a shape and two data_offsets, all whole numbers from 0 up.";
    const string NotJson = "the header is not valid JSON (test).";

    public static TheoryData<string, byte[], string> Files => new()
    {
        { "empty file", [], "the file is too short (test). Expected: 8 bytes for the header's length. Got: 0 bytes." },
        { "no header length", [1, 2, 3], "the file is too short (test). Expected: 8 bytes for the header's length. Got: 3 bytes." },
        { "huge header", Raw(ulong.MaxValue, ""), "the header is too long (test). Expected: at most 100000000 bytes. Got: 18446744073709551615 bytes." },
        { "header past the end", Raw(50, "{}"), "the file ends inside the header (test)." },
        { "no header", Raw(0, ""), "the header is not a JSON object (test). Expected: '{' as its first byte." },
        { "array as header", WithHeader("[]"), "the header is not a JSON object (test). Expected: '{' as its first byte." },
        { "blank before the header", WithHeader(" {}"), "the header is not a JSON object (test). Expected: '{' as its first byte." },
        { "not UTF-8", [.. BitConverter.GetBytes(3L), (byte)'{', 0xFF, (byte)'}'], "the header is not valid UTF-8 (test)." },
        { "not JSON", WithHeader("{x}"), NotJson },
        { "lone surrogate", WithHeader("""{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"""), NotJson },
        { "deep JSON", WithHeader("{\"a\":" + new string('[', 100) + new string(']', 100) + "}"), NotJson },
        { "name twice", WithHeader("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1), NotJson },
        { "entry is a number", WithHeader("""{"a":1}"""), Malformed },
        { "no dtype", WithHeader("""{"a":{"shape":[1],"data_offsets":[0,1]}}""", 1), Malformed },
        { "dtype is a number", WithHeader("""{"a":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}""", 1), Malformed },
        { "no shape", WithHeader("""{"a":{"dtype":"U8","data_offsets":[0,1]}}""", 1), Malformed },
        { "negative size", WithHeader("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1), Malformed },
        { "fractional size", WithHeader("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1), Malformed },
        { "size beyond 64 bits", WithHeader("""{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}""", 1), Malformed },
        { "one offset", WithHeader("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1]}}""", 1), Malformed },
        { "negative offset", WithHeader("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}""", 1), Malformed },
        {
            "unknown dtype", WithHeader("""{"a":{"dtype":"PICKLE","shape":[1],"data_offsets":[0,1]}}""", 1),
            "the tensor 'a' has an unknown type (test). Expected: BOOL, U8, I8, I16, U16, I32, U32, I64, U64, F8_E4M3, F8_E5M2, F16, BF16, F32, F64. Got: 'PICKLE'."
        },
        {
            "product overflows", WithHeader("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}"""),
            "the size of tensor 'a' overflows (test). Got: F32 [4611686018427387904, 4611686018427387904]."
        },
        { "product overflows to a small number", WithHeader("""{"a":{"dtype":"U8","shape":[4294967297,4294967296],"data_offsets":[0,4294967296]}}"""), "the size of tensor 'a' overflows (test)." },
        { "too many dimensions", WithHeader("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + string.Join(",", Enumerable.Repeat(1, 65)) + "],\"data_offsets\":[0,1]}}", 1), "the tensor 'a' has too many dimensions (test). Expected: at most 64. Got: 65." },
        { "offsets reversed", WithHeader("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1), "the offsets of tensor 'a' do not fit its shape (test). Expected: 1 bytes. Got: offsets 1 to 0." },
        { "offsets too far apart", WithHeader("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 8), "the offsets of tensor 'a' do not fit its shape (test). Expected: 4 bytes. Got: offsets 0 to 8." },
        {
            "overlap", WithHeader("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", 6),
            "the data of tensor 'b' overlap those of another tensor (test). Expected: offset 4. Got: offset 2."
        },
        {
            "hole", WithHeader("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3),
            "the data of tensor 'b' leave a hole before them (test). Expected: offset 1. Got: offset 2."
        },
        { "hole at the start", WithHeader("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2), "the data of tensor 'a' leave a hole before them (test). Expected: offset 0. Got: offset 1." },
        { "data end early", WithHeader("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", 7), "the file ends inside tensor 'a' (test)" },
        { "tensor larger than memory", WithHeader("""{"a":{"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]}}""", 7), "the tensor 'a' is too large (test). Expected: at most 2147483591 bytes. Got: 1099511627776 bytes." },
        { "data go on", WithHeader("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 2), "the file goes on after the last tensor (test). Expected: 1 bytes of data." },
        { "BOOL of 2", [.. WithHeader("""{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}"""), 2], "the tensor 'a' holds a BOOL that is neither 0 nor 1 (test)." },
        { "metadata are an array", WithHeader("""{"__metadata__":[]}"""), "'__metadata__' is not an object (test)." },
        { "metadata value is a number", WithHeader("""{"__metadata__":{"a":1}}"""), "the metadata value 'a' is not a string (test)." },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_refused(string what, byte[] file, string message)
    {
        Assert.NotEmpty(what);
        Action[] ways = [() => Safetensors.Read(file, "test"), () => Safetensors.Read(new MemoryStream(file), "test"), () => Safetensors.Read(new Trickle(file), "test")];
        foreach (var way in ways)
        {
            var actual = Assert.Throws<InvalidDataException>(way).Message;
            Assert.StartsWith("MLP030: " + message, actual, StringComparison.Ordinal);
            Assert.EndsWith("The file is damaged or not a safetensors file; get it again.", actual, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Lie_about_a_size_allocates_nothing()
    {
        var file = WithHeader("""{"a":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}}""", 100);
        Assert.Throws<InvalidDataException>(() => Safetensors.Read(new Trickle(file), "test"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => Safetensors.Read(new Trickle(file), "test"));
        Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream(file), "test"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }
}
