using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

public abstract partial class PreTokenizer
{
    private static readonly RegexPreTokenizer WhiteSpace = new(NotWhiteSpace(), null);
    private static readonly RegexPreTokenizer WordOrPunctuation = new(WordOrPunctuationMark(), null);

    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(string text);

    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text);

    public static PreTokenizer CreateWhiteSpace(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        specialTokens is null ? WhiteSpace : new RegexPreTokenizer(NotWhiteSpace(), specialTokens.Keys);

    public static PreTokenizer CreateWordOrPunctuation(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        specialTokens is null ? WordOrPunctuation : new RegexPreTokenizer(WordOrPunctuationMark(), specialTokens.Keys);

    [GeneratedRegex(@"\S+")]
    private static partial Regex NotWhiteSpace();

    [GeneratedRegex(@"\w+|\p{P}")]
    private static partial Regex WordOrPunctuationMark();
}
