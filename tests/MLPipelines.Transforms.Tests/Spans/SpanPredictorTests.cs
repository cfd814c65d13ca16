using MLPipelines.Scoring;
using MLPipelines.Spans;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Spans;

public sealed class SpanPredictorTests
{
    [Fact]
    public void Order_and_batch_size_do_not_matter()
    {
        var tokenizer = TinySpans.Tokenizer();
        using var model = TinySpans.Model(tokenizer);
        var texts = TinySpans.Texts.Select(tokenizer.Tokenize).ToList();
        var expected = new SpanPredictor(model, tokenizer, TinySpans.Labels, new() { BatchSize = 1 }).Predict(texts);
        var together = new SpanPredictor(model, tokenizer, TinySpans.Labels, new() { BatchSize = 100 }).Predict(texts);
        var few = new SpanPredictor(model, tokenizer, TinySpans.Labels, new() { MaximumCells = 1 }).Predict(texts);
        for (var i = 0; i < texts.Count; i++)
        {
            Assert.Equal(Places(expected[i]), Places(together[i]));
            Assert.Equal(Places(expected[i]), Places(few[i]));
        }

        static IEnumerable<(int, int, string)> Places(IEnumerable<PredictedSpan> spans) => spans.Select(span => (span.Start, span.End, span.Label));
    }

    [Fact]
    public void A_text_longer_than_the_encoder_is_read_to_its_end_without_duplicates()
    {
        var tokenizer = TinySpans.Tokenizer();
        using var model = TinySpans.Model(tokenizer, maximumLength: 16);
        var text = string.Join(' ', Enumerable.Repeat("the quick brown fox jumps over the lazy dog", 9));
        var spans = new SpanPredictor(model, tokenizer, TinySpans.Labels, new() { Overlap = 6 }).Predict([tokenizer.Tokenize(text)])[0];
        Assert.Contains(spans, span => span.Start > text.Length - 40);
        Assert.Equal(spans.Count, spans.Select(span => (span.Start, span.End, span.Label)).Distinct().Count());
        Assert.All(spans, span => Assert.InRange(span.End, span.Start + 1, text.Length));
    }

    [Fact]
    public void Overlapping_spans_can_be_left_out()
    {
        var tokenizer = TinySpans.Tokenizer();
        using var model = TinySpans.Model(tokenizer);
        var texts = TinySpans.Texts.Select(tokenizer.Tokenize).ToList();
        var all = new SpanPredictor(model, tokenizer, TinySpans.Labels).Predict(texts);
        var flat = new SpanPredictor(model, tokenizer, TinySpans.Labels, new() { KeepOverlapping = false }).Predict(texts);
        Assert.True(flat.Sum(spans => spans.Count) is > 0 and var count && count < all.Sum(spans => spans.Count));
        Assert.All(all.Zip(flat), pair => Assert.Equal(FlatSpans.Of(pair.First).Select(span => (span.Start, span.End, span.Label)), pair.Second.Select(span => (span.Start, span.End, span.Label))));
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        var tokenizer = TinySpans.Tokenizer();
        using var model = TinySpans.Model(tokenizer);
        Assert.Contains("BatchSize", Assert.Throws<ArgumentException>(() => new SpanPredictor(model, tokenizer, TinySpans.Labels, new() { BatchSize = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_is_honoured()
    {
        var tokenizer = TinySpans.Tokenizer();
        using var model = TinySpans.Model(tokenizer);
        var predictor = new SpanPredictor(model, tokenizer, TinySpans.Labels);
        Assert.Throws<OperationCanceledException>(() => predictor.Predict([tokenizer.Tokenize("the fox")], new(canceled: true)));
    }

    [Fact]
    public void Decoding_finds_what_the_reference_finds()
    {
        using var scope = NewDisposeScope();
        var golden = new Golden("global_pointer.json");
        var logits = golden.Tensor("outputs", "logits_rope").to(ScalarType.Float32);
        // The reference has no special tokens, so put one at each end.
        var (b, e, t) = (logits.shape[0], logits.shape[1], (int)logits.shape[2]);
        var padded = full([b, e, t + 2, t + 2], 5, ScalarType.Float32);
        padded.narrow(2, 1, t).narrow(3, 1, t).copy_(logits);
        var lengths = golden.Tensor("inputs", "mask").sum(1).data<long>().ToArray();
        TextWindow[] windows = [.. lengths.Select(length => new TextWindow(new(new int[length], new int[length], new int[length]), 0, (int)length))];
        var expected = golden["outputs", "decoded_rope"].EnumerateArray().Select(cell => string.Join(",", cell.EnumerateArray().Select(value => value.GetInt32())));
        Assert.Equal(expected, SpanDecoder.Decode(padded, windows).Select(cell => $"{cell.Window},{cell.Label},{cell.First},{cell.Last}"));
        Assert.Empty(SpanDecoder.Decode(padded, windows, threshold: 1000));
    }
}
