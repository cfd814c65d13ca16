using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>Special tokens are kept whole; the matches of a pattern in the text between them are the words.</summary>
internal sealed class RegexPreTokenizer(Regex words, IEnumerable<string>? specialTokens) : PreTokenizer
{
    private readonly Regex? special = specialTokens is not null && specialTokens.Any() ? new Regex(string.Join('|', specialTokens.Select(Regex.Escape))) : null;

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var splits = new List<(int Offset, int Length)>();
        int begin = 0;
        if (special is not null)
        {
            foreach (ValueMatch token in special.EnumerateMatches(text))
            {
                AddWords(text[begin..token.Index], begin, splits);
                splits.Add((token.Index, token.Length));
                begin = token.Index + token.Length;
            }
        }

        AddWords(text[begin..], begin, splits);
        return splits;
    }

    private void AddWords(ReadOnlySpan<char> text, int offset, List<(int Offset, int Length)> splits)
    {
        foreach (ValueMatch word in words.EnumerateMatches(text))
            splits.Add((offset + word.Index, word.Length));
    }
}
