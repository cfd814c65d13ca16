using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace Embedded.Tests.Tokenizers;

public class WordPieceTokenizerTests
{
    private static readonly string[] Vocabulary = ["[UNK]", "un", "##aff", "##able", "a", "##a", "", "!", "b"];

    [Fact]
    public void Text_is_split_at_white_space()
    {
        IReadOnlyList<EncodedToken> tokens = Create().EncodeToTokens(" unaffable\ta", out string? normalized);

        Assert.Null(normalized);
        Assert.Equal([new EncodedToken(1, "un", 1..3), new(2, "##aff", 3..6), new(3, "##able", 6..10), new(4, "a", 11..12)], tokens);
    }

    [Fact]
    public void An_empty_line_of_the_vocabulary_takes_an_id_but_is_no_token() => Assert.Equal([7, 8], Create().EncodeToIds("! b"));

    [Fact]
    public void Without_pre_tokenization_the_text_is_one_word()
    {
        Assert.Equal([4, 5, 5], Create().EncodeToIds("aaa", considerPreTokenization: false));
        Assert.Equal([0], Create().EncodeToIds("a a", considerPreTokenization: false));
    }

    [Fact]
    public void A_normalizer_and_a_pre_tokenizer_of_the_caller_are_used()
    {
        WordPieceTokenizer tokenizer = Create(new WordPieceOptions { Normalizer = new Lower(), PreTokenizer = new Characters() });
        IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens("AB", out string? normalized);

        Assert.Equal("ab", normalized);
        Assert.Equal([new EncodedToken(4, "a", 0..1), new(8, "b", 1..2)], tokens);
        Assert.Equal([0], tokenizer.EncodeToIds("AB", considerPreTokenization: false, considerNormalization: false));
    }

    [Fact]
    public void Special_tokens_are_kept_whole()
    {
        WordPieceTokenizer tokenizer = Create(new WordPieceOptions { SpecialTokens = new Dictionary<string, int> { ["[UNK]"] = 0 } });

        Assert.Equal([4, 0, 8], tokenizer.EncodeToIds("a[UNK]b"));
    }

    [Fact]
    public void Empty_text_has_no_tokens()
    {
        Assert.Empty(Create().EncodeToIds(""));
        Assert.Empty(Create().EncodeToTokens("", out string? normalized));
        Assert.Null(normalized);
        Assert.Equal(0, Create().CountTokens(" "));
    }

    [Fact]
    public void Decoding_joins_pieces_and_puts_a_space_between_words()
    {
        WordPieceTokenizer tokenizer = Create(new WordPieceOptions { SpecialTokens = new Dictionary<string, int> { ["[UNK]"] = 0 } });

        Assert.Equal("unaffable a! [UNK]", tokenizer.Decode([1, 2, 3, 4, 7, 0]));
        Assert.Equal("unaffable a!", tokenizer.Decode([1, 2, 3, 4, 7, 0], skipSpecialTokens: true));
    }

    [Fact]
    public void Decoding_into_a_span_reports_how_far_it_got()
    {
        char[] text = new char[6];

        Assert.Equal(OperationStatus.Done, Create().Decode([1, 4], text, out int ids, out int chars));
        Assert.Equal((2, "un a"), (ids, new string(text, 0, chars)));
        Assert.Equal(OperationStatus.DestinationTooSmall, Create().Decode([1, 2, 3], text, out ids, out chars));
        Assert.Equal((2, "unaff"), (ids, new string(text, 0, chars)));
        Assert.Equal(OperationStatus.InvalidData, Create().Decode([1, 99], text, out ids, out _));
        Assert.Equal(1, ids);
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Create(new WordPieceOptions { UnknownToken = "<unk>" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new WordPieceOptions { MaxInputCharsPerWord = 0 }));
        Assert.Throws<ArgumentNullException>(() => Create(new WordPieceOptions { ContinuingSubwordPrefix = null! }));
        Assert.Throws<ArgumentNullException>(() => WordPieceTokenizer.Create((Stream)null!));
    }

    private static WordPieceTokenizer Create(WordPieceOptions? options = null) =>
        WordPieceTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary))), options);

    private sealed class Lower : Normalizer
    {
        public override string Normalize(string original) => original.ToLowerInvariant();

        public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());
    }

    private sealed class Characters : PreTokenizer
    {
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Enumerable.Range(0, text.Length).Select(i => (i, 1));

        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());
    }
}
