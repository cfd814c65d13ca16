using MLPipelines.Scoring;
using MLPipelines.Spans;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Spans;

public sealed class SpanDecoderTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 0.3f)]
    [InlineData(ScalarType.Float32, 5f)]
    [InlineData(ScalarType.BFloat16, 0f)]
    [InlineData(ScalarType.BFloat16, 0.2f)] // the nearest bfloat16 is above it
    public void A_device_finds_what_the_processor_finds(ScalarType dtype, float threshold)
    {
        using var scope = NewDisposeScope();
        var (logits, windows) = Sample(dtype);
        var gathered = new List<SpanDecoder.Cell>();
        SpanDecoder.Gather(logits, windows, threshold, gathered);
        var scanned = SpanDecoder.Decode(logits, windows, threshold);
        Assert.Equal(scanned, gathered);
        Assert.Equal(threshold > 4, scanned.Count == 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(81 * 2)]
    [InlineData(81 * 3)]
    public void Memory_is_read_in_pieces_of_whole_types(int cellsAtOnce)
    {
        using var scope = NewDisposeScope();
        var (_, windows) = Sample(ScalarType.Float32);
        using var generator = new Generator(4);
        var logits = randn([3, 5, 9, 9], generator: generator);
        var pieces = new List<SpanDecoder.Cell>();
        SpanDecoder.Scan(logits, windows, 0.3f, pieces, cellsAtOnce);
        Assert.Equal(SpanDecoder.Decode(logits, windows, 0.3f), pieces);
        Assert.Contains(pieces, cell => cell.Label == 4);
    }

    [Fact]
    public void Places_may_be_laid_out_as_a_GPU_has_them()
    {
        using var scope = NewDisposeScope();
        var (logits, windows) = Sample(ScalarType.Float32);
        var above = logits.gt(0.3f).triu_();
        var found = above.nonzero().transpose(0, 1).contiguous().transpose(0, 1); // [K, 4] with the coordinates of a cell far from each other
        Assert.False(found.is_contiguous());
        var cells = new List<SpanDecoder.Cell>();
        SpanDecoder.Collect(found, logits.masked_select(above), windows, cells);
        Assert.Equal(SpanDecoder.Decode(logits, windows, 0.3f), cells);
    }

    static (Tensor Logits, IReadOnlyList<TextWindow> Windows) Sample(ScalarType dtype)
    {
        using var generator = new Generator(3);
        var logits = randn([3, 2, 9, 9], generator: generator);
        logits.select(0, 0).select(0, 1).select(0, 2).select(0, 4).fill_(float.NaN); // above no threshold
        var tokenizer = TinySpans.Tokenizer();
        var texts = new[] { "the quick brown fox jumps over", "dog", "a b c d e f g h i j k l m n o p" };
        return (logits.to(dtype), [.. texts.Select(text => TextWindows.Split(tokenizer.Tokenize(text), 9, 2)[^1])]);
    }
}
