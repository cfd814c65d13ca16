using System.Text;
using Microsoft.ML.Tokenizers;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class WordPiecesTests
{
    static readonly string[] s_vocabulary =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "ab", "abc", "##a", "##b", "##bc", "##cab", "cab", "##", "#", "##c", "ca", "##ab", "abcabcab", "中", "##中", "中国"];

    /// <summary>All words of up to six letters over an alphabet in which one letter has no piece of its own, against ML.NET's tokenizer.</summary>
    [Fact]
    public void Pieces_are_those_of_the_library()
    {
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', s_vocabulary)));
        var library = WordPieceTokenizer.Create(lines, new() { UnknownToken = "[UNK]" });
        var ours = new WordPieceTextTokenizer(s_vocabulary, new() { SplitChineseCharacters = false, LowerCase = false });
        var words = new List<string> { "" };
        for (var from = 0; words[^1].Length < 6;)
        {
            var end = words.Count;
            for (; from < end; from++) words.AddRange("abc中x".Select(letter => words[from] + letter));
        }

        Assert.All(words.Skip(1), word =>
        {
            var expected = library.EncodeToTokens(word, out _, considerPreTokenization: false, considerNormalization: false);
            var tokens = ours.Tokenize(word);
            Assert.Equal(expected.Select(token => (token.Id, token.Offset.Start.Value, token.Offset.End.Value)), tokens.Ids.Select((id, i) => (id, tokens.Starts[i], tokens.Ends[i])));
        });
    }
}
