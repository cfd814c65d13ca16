using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Scoring;

public sealed class TextWindowsTests
{
    static TokenizedText Text(int count) => new([.. Enumerable.Range(10, count)], new int[count], new int[count]);

    [Fact]
    public void A_text_that_fits_is_one_window_and_an_empty_one_is_none()
    {
        Assert.Equal([(0, 8)], Places(TextWindows.Split(Text(8), 10, 3)));
        Assert.Empty(TextWindows.Split(Text(0), 10, 3));
    }

    [Fact]
    public void A_long_text_gives_full_windows_that_share_tokens() => Assert.Equal([(0, 8), (5, 8), (10, 8), (13, 8)], Places(TextWindows.Split(Text(21), 10, 3)));

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(5, 6, 0)]
    [InlineData(7, 8, 1)]
    [InlineData(18, 20, 3)]
    [InlineData(4, 9, -1)]
    public void A_span_belongs_to_the_window_that_shows_most_around_it(int first, int last, int owner)
        => Assert.Equal(owner, TextWindows.Owner(TextWindows.Split(Text(21), 10, 3), first, last));

    [Fact]
    public void Every_token_is_covered_and_every_short_span_has_one_owner_that_contains_it() => Prop.ForAll(
        Gen.Choose(1, 300).Zip(Gen.Choose(3, 60)).Zip(Gen.Choose(0, 60)).ToArbitrary(),
        input =>
        {
            var ((count, maximum), overlap) = input;
            var windows = TextWindows.Split(Text(count), maximum, overlap);
            var shared = Math.Min(overlap, (maximum - 2) / 2);
            return Enumerable.Range(0, count).All(first => Enumerable.Range(first, Math.Min(Math.Max(1, shared), count - first)).All(last =>
            {
                var owner = TextWindows.Owner(windows, first, last);
                return owner >= 0 && windows[owner].First <= first && last < windows[owner].First + windows[owner].Count && windows[owner].SequenceLength <= maximum;
            }));
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_batch_has_special_tokens_and_padding_in_their_places()
    {
        using var scope = NewDisposeScope();
        var tokenizer = WordPieceTextTokenizer.FromVocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]"]);
        var batch = TokenBatch.Create([new(Text(9), 4, 3), new(Text(1), 0, 1)], tokenizer, CPU);
        Assert.Equal([2, 14, 15, 16, 3, 2, 10, 3, 0, 0], batch.Ids.data<long>().ToArray());
        Assert.Equal([true, true, true, true, true, true, true, true, false, false], batch.Mask.data<bool>().ToArray());
        Assert.True(batch.HasPadding);
        Assert.False(TokenBatch.Create([new(Text(3), 0, 3)], tokenizer, CPU).HasPadding);
    }

    [Fact]
    public void Buckets_hold_every_item_once_and_respect_the_limit()
    {
        var groups = LengthBuckets.Group([5, 1, 9, 5, 2, 9], length => length > 5 ? 1 : 3).ToList();
        Assert.Equal([[2], [5], [0, 3, 4], [1]], groups);
    }

    [Fact]
    public void Buckets_end_where_padding_would_begin_to_cost()
    {
        Assert.Equal([[0, 1], [2]], LengthBuckets.Group([200, 190, 100], _ => 32));
        Assert.Equal([[0, 1, 2]], LengthBuckets.Group([100, 60, 20], _ => 32));
        Assert.Equal([[0, 1, 2]], LengthBuckets.Group([200, 190, 100], _ => 32, enoughTokens: 8192));
    }

    static IEnumerable<(int, int)> Places(IEnumerable<TextWindow> windows) => windows.Select(window => (window.First, window.Count));
}
