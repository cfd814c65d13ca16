using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class TokenizerPropertyTests
{
    static readonly WordPieceTextTokenizer s_uncased = WordPieceTextTokenizer.BuildFrom(["the quick brown fox jumps over the lazy dog", "北京 café 한국"]);
    static readonly WordPieceTextTokenizer s_cased = new(s_uncased.Vocabulary, new() { LowerCase = false });

    static readonly string[] s_fragments = ["the", "QUICK", " ", "\t", "北", "京", "é", "e\u0301", "\u0301", "İ", "한", "😀", "\ud83d", "\ude00", "\u0000", "\u200b", "\u00a0", "𠀀", ".", "—", "ß", "𐐀", "ﬁ", "\ufe0f", "א"];

    static Arbitrary<string> Texts() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Gen.Elements(s_fragments).ListOf().Select(parts => string.Concat(parts))).ToArbitrary();

    [Fact]
    public void Offsets_are_ordered_non_empty_and_inside_the_text() => Check(text =>
    {
        foreach (var tokenizer in new[] { s_uncased, s_cased })
        {
            var tokens = tokenizer.Tokenize(text);
            var (start, end) = (0, 0);
            for (var i = 0; i < tokens.Count; i++)
            {
                var isNew = tokens.Starts[i] >= end;
                var sharesCharacter = i > 0 && tokens.Starts[i] == tokens.Starts[i - 1] && tokens.Ends[i] == tokens.Ends[i - 1];
                if (!(isNew || sharesCharacter) || tokens.Starts[i] < start || tokens.Ends[i] <= tokens.Starts[i] || tokens.Ends[i] > text.Length) return false;
                if (tokens.Ids[i] < 0 || tokens.Ids[i] >= tokenizer.Vocabulary.Count) return false;
                (start, end) = (tokens.Starts[i], tokens.Ends[i]);
            }
        }

        return true;
    });

    [Fact]
    public void Offsets_never_cut_a_surrogate_pair() => Check(text =>
    {
        var tokens = s_uncased.Tokenize(text);
        return tokens.Starts.Concat(tokens.Ends).All(at => at == 0 || at >= text.Length || !char.IsSurrogatePair(text[at - 1], text[at]));
    });

    [Fact]
    public void Spaces_around_a_text_only_shift_offsets() => Check(text =>
    {
        var (plain, padded) = (s_uncased.Tokenize(text), s_uncased.Tokenize("  " + text + " "));
        // A mark at the beginning has nothing to attach to either way.
        return plain.Ids.SequenceEqual(padded.Ids) && plain.Starts.Select(at => at + 2).SequenceEqual(padded.Starts) && plain.Ends.Select(at => at + 2).SequenceEqual(padded.Ends);
    });

    [Fact]
    public void Tokenizing_each_token_again_gives_the_same_first_piece_where_it_begins_a_word() => Check(text =>
    {
        var tokens = s_uncased.Tokenize(text);
        return Enumerable.Range(0, tokens.Count).Where(i => tokens.Ids[i] != s_uncased.UnkId && !s_uncased.Vocabulary[tokens.Ids[i]].StartsWith("##", StringComparison.Ordinal))
            .All(i => s_uncased.Tokenize(text[tokens.Starts[i]..tokens.Ends[i]]).Ids[0] == tokens.Ids[i]);
    });

    static void Check(Func<string, bool> property) => Prop.ForAll(Texts(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
