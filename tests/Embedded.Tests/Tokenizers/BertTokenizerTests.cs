using System.Text;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace Embedded.Tests.Tokenizers;

public class BertTokenizerTests
{
    private static readonly string[] Vocabulary =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "hello", ",", "world", "中", "文", "Hello", "😀", "é", "e", "##e"];

    [Fact]
    public void Words_are_cut_into_the_longest_pieces_with_their_offsets()
    {
        IReadOnlyList<EncodedToken> tokens = Create().EncodeToTokens("unaffable, world", out string? normalized);

        Assert.Equal("unaffable, world", normalized);
        Assert.Equal(["un", "##aff", "##able", ",", "world"], tokens.Select(token => token.Value));
        Assert.Equal([0..2, 2..5, 5..9, 9..10, 11..16], tokens.Select(token => token.Offset));
    }

    [Fact]
    public void Ideographs_are_set_apart_in_the_normalized_text_that_the_offsets_refer_to()
    {
        IReadOnlyList<EncodedToken> tokens = Create().EncodeToTokens("中文", out string? normalized);

        Assert.Equal(" 中  文 ", normalized);
        Assert.Equal([new EncodedToken(11, "中", 1..2), new EncodedToken(12, "文", 4..5)], tokens);
    }

    [Fact]
    public void Text_is_lower_cased_and_cleaned_of_control_characters()
    {
        IReadOnlyList<EncodedToken> tokens = Create().EncodeToTokens("HEL\u0000L\u0007O\u00A0World\uFFFD", out string? normalized);

        Assert.Equal("hello world", normalized);
        Assert.Equal([8, 10], tokens.Select(token => token.Id));
    }

    [Fact]
    public void Case_is_kept_on_demand()
    {
        BertTokenizer tokenizer = Create(new BertOptions { LowerCaseBeforeTokenization = false });

        Assert.Equal([13, 1], tokenizer.EncodeToIds("Hello World", addSpecialTokens: false));
    }

    [Fact]
    public void Special_tokens_in_the_text_stay_whole_in_either_case()
    {
        IReadOnlyList<EncodedToken> tokens = Create().EncodeToTokens("[CLS]hello[sep]", out _);

        Assert.Equal([2, 8, 3], tokens.Select(token => token.Id));
        Assert.Equal(["[CLS]", "hello", "[SEP]"], tokens.Select(token => token.Value));
    }

    [Fact]
    public void Special_tokens_are_ordinary_text_when_not_split_on()
    {
        BertTokenizer tokenizer = Create(new BertOptions { SplitOnSpecialTokens = false });

        Assert.Equal([1, 1, 1], tokenizer.EncodeToIds("[CLS]", addSpecialTokens: false));
    }

    [Fact]
    public void A_word_with_an_uncovered_part_is_one_unknown_token()
    {
        EncodedToken token = Assert.Single(Create().EncodeToTokens("unxyz", out _));

        Assert.Equal(new EncodedToken(1, "[UNK]", 0..5), token);
    }

    [Fact]
    public void A_word_over_the_limit_is_one_unknown_token()
    {
        BertTokenizer tokenizer = Create(new BertOptions { MaxInputCharsPerWord = 4 });

        Assert.Equal([1, 5], tokenizer.EncodeToIds("hello un", addSpecialTokens: false));
    }

    [Fact]
    public void Ids_get_the_classification_and_separator_tokens_unless_told_otherwise()
    {
        BertTokenizer tokenizer = Create();

        Assert.Equal([2, 8, 3], tokenizer.EncodeToIds("hello"));
        Assert.Equal([2, 8, 3], tokenizer.EncodeToIds("hello".AsSpan()));
        Assert.Equal([8], tokenizer.EncodeToIds("hello", addSpecialTokens: false));
        Assert.Equal([8], ((Tokenizer)tokenizer).EncodeToIds("hello"));
        Assert.Equal([2, 8, 3, 10, 3], tokenizer.BuildInputsWithSpecialTokens([8], [10]));
    }

    [Fact]
    public void Symbols_are_dropped_between_words() =>
        Assert.Equal([8, 10], Create().EncodeToIds("hello + world 😀", addSpecialTokens: false));

    [Fact]
    public void Without_basic_tokenization_the_text_is_split_at_white_space_only()
    {
        BertTokenizer tokenizer = Create(new BertOptions { ApplyBasicTokenization = false });
        IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens("Hello 😀 hello,", out string? normalized);

        Assert.Null(normalized);
        Assert.Equal([13, 14, 1], tokens.Select(token => token.Id));
        Assert.Equal([0..5, 6..8, 9..15], tokens.Select(token => token.Offset));
    }

    [Fact]
    public void Properties_give_the_special_ids()
    {
        BertTokenizer tokenizer = Create();

        Assert.Equal(0, tokenizer.PaddingTokenId);
        Assert.Equal(1, tokenizer.UnknownTokenId);
        Assert.Equal(2, tokenizer.ClassificationTokenId);
        Assert.Equal(3, tokenizer.SeparatorTokenId);
        Assert.Equal(4, tokenizer.MaskingTokenId);
        Assert.Equal(["[CLS]", "[MASK]", "[PAD]", "[SEP]", "[UNK]"], tokenizer.SpecialTokens!.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[CLS]")]
    [InlineData("[SEP]")]
    [InlineData("[PAD]")]
    [InlineData("[MASK]")]
    [InlineData("[UNK]")]
    public void A_vocabulary_without_a_special_token_is_refused_with_its_name(string missing)
    {
        var error = Assert.Throws<ArgumentException>(() => BertTokenizer.Create(Lines(Vocabulary.Where(token => token != missing))));

        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_occurs_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => BertTokenizer.Create(Lines([.. Vocabulary, "hello"])));

    [Fact]
    public void Many_threads_may_share_a_tokenizer()
    {
        BertTokenizer tokenizer = Create();

        Parallel.For(0, 1000, _ => Assert.Equal([2, 5, 6, 7, 9, 10, 3], tokenizer.EncodeToIds("unaffable, world")));
    }

    private static BertTokenizer Create(BertOptions? options = null) => BertTokenizer.Create(Lines(Vocabulary), options);

    private static MemoryStream Lines(IEnumerable<string> lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
}
