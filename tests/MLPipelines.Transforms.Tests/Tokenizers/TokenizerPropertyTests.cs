using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class TokenizerPropertyTests
{
    static readonly WordPieceTextTokenizer s_uncased = WordPieceTextTokenizer.BuildFrom(["the quick brown fox jumps over the lazy dog", "北京 café 한국"]);
    static readonly WordPieceTextTokenizer s_cased = new(s_uncased.Vocabulary, new() { LowerCase = false });

    static readonly JiebaTextTokenizer s_words = JiebaGolden.Small();
    static readonly ITextTokenizer[] s_all = [s_uncased, s_cased, s_words];

    static readonly string[] s_fragments = ["北京大学", "中国人民", "天天气", "C++", "t恤", "abc12", "未知", "the", "QUICK", " ", "\t", "北", "京", "é", "e\u0301", "\u0301", "İ", "한", "😀", "\ud83d", "\ude00", "\u0000", "\u200b", "\u00a0", "𠀀", ".", "—", "ß", "𐐀", "ﬁ", "\ufe0f", "א"];

    static Arbitrary<string> Texts() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Gen.Elements(s_fragments).ListOf().Select(parts => string.Concat(parts))).ToArbitrary();

    [Fact]
    public void Offsets_are_ordered_non_empty_and_inside_the_text() => Check(text =>
    {
        foreach (var tokenizer in s_all)
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
        s_all.Select(tokenizer => tokenizer.Tokenize(text))
            .All(tokens => tokens.Starts.Concat(tokens.Ends).All(at => at == 0 || at >= text.Length || !char.IsSurrogatePair(text[at - 1], text[at]))));

    [Fact]
    public void Together_the_tokens_cover_everything_but_spaces_and_what_is_removed() => Check(text => s_all.All(tokenizer =>
    {
        var tokens = tokenizer.Tokenize(text);
        var covered = new bool[text.Length];
        for (var i = 0; i < tokens.Count; i++) covered.AsSpan(tokens.Starts[i]..tokens.Ends[i]).Fill(true);
        var rules = CharacterRules.For(lowerCase: tokenizer != s_cased, stripAccents: tokenizer != s_cased, splitChinese: true);
        return Enumerable.Range(0, text.Length).All(i => covered[i] || !Rune.TryGetRuneAt(text, i > 0 && char.IsSurrogatePair(text[i - 1], text[i]) ? i - 1 : i, out var rune)
            || rules.Apply(rune).Kind is CharacterKind.Space or CharacterKind.Dropped or CharacterKind.Mark);
    }));

    [Fact]
    public void A_token_that_is_a_whole_entry_is_the_text_it_points_to() => Check(text =>
    {
        var tokens = s_words.Tokenize(text);
        return Enumerable.Range(0, tokens.Count).All(i => s_words.Vocabulary[tokens.Ids[i]] is var entry
            && (tokens.Ids[i] == s_words.UnkId || entry.StartsWith("##", StringComparison.Ordinal) || Plain(text[tokens.Starts[i]..tokens.Ends[i]]) == entry));

        static string Plain(string text) => string.Concat(text.EnumerateRunes().Select(rune => CharacterRules.For(true, true, true).Apply(rune)).Where(rule => rule.Kind is not CharacterKind.Mark).Select(rule => rule.Normalized));
    });

    [Fact]
    public void Words_are_counted_without_gaps_and_cover_every_token() => Check(text =>
    {
        var tokens = s_words.Tokenize(text, out var words);
        return words.Length == tokens.Count && words.Index().All(pair => pair.Index == 0 ? pair.Item == 0 : pair.Item - words[pair.Index - 1] is 0 or 1);
    });

    [Fact]
    public void Spaces_around_a_text_only_shift_offsets() => Check(text =>
    {
        // A mark at the beginning has nothing to attach to either way.
        return s_all.Select(tokenizer => (tokenizer.Tokenize(text), tokenizer.Tokenize("  " + text + " "))).All(pair => Same(pair.Item1, pair.Item2));

        static bool Same(TokenizedText plain, TokenizedText padded) => plain.Ids.SequenceEqual(padded.Ids) && plain.Starts.Select(at => at + 2).SequenceEqual(padded.Starts) && plain.Ends.Select(at => at + 2).SequenceEqual(padded.Ends);
    });

    [Fact]
    public void Tokenizing_each_token_again_gives_the_same_first_piece_where_it_begins_a_word() => Check(text =>
    {
        return ((ITextTokenizer[])[s_uncased, s_words]).All(tokenizer =>
        {
            var tokens = tokenizer.Tokenize(text);
            return Enumerable.Range(0, tokens.Count).Where(i => tokens.Ids[i] != tokenizer.UnkId && !tokenizer.Vocabulary[tokens.Ids[i]].StartsWith("##", StringComparison.Ordinal))
                .All(i => tokenizer.Tokenize(text[tokens.Starts[i]..tokens.Ends[i]]).Ids[0] == tokens.Ids[i]);
        });
    });

    static void Check(Func<string, bool> property) => Prop.ForAll(Texts(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
