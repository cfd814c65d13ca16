using MLPipelines.Scoring;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Scoring;

public sealed class TextSequencesTests
{
    static readonly WordPieceTextTokenizer s_tokenizer = WordPieceTextTokenizer.BuildFrom(["a b c d e f g h i j"]);

    [Theory]
    [InlineData("a b c", "d e", 8, 0)]
    [InlineData("a b c", "d e", 7, 1)]
    [InlineData("a b c d e f g h", "i", 8, 4)]
    [InlineData("a", "b c d e f g h i j", 6, 7)]
    [InlineData("a b c d e", "f g h i j", 5, 8)]
    public void A_pair_says_how_many_tokens_found_no_room(string first, string second, int maximum, int dropped)
    {
        var (a, b) = (s_tokenizer.Tokenize(first), s_tokenizer.Tokenize(second));
        var pair = TextSequences.OfPair(a, b, s_tokenizer, maximum, segments: true);
        Assert.Equal(dropped, pair.Dropped);
        Assert.Equal(a.Count + b.Count + 3 - dropped, pair.Length);
    }

    [Fact]
    public void Windows_drop_nothing() =>
        Assert.All(TextSequences.Of(s_tokenizer.Tokenize("a b c d e f g h i j"), s_tokenizer, 6, 1), window => Assert.Equal(0, window.Dropped));
}
