using MLPipelines.Tokenizers;

namespace MLPipelines.Trainers.Pretraining;

/// <summary>Which tokens of a text make up a word, and are hidden together.</summary>
/// <remarks>
/// A tokenizer that cuts text into words itself, an <see cref="IWordTokenizer"/>, decides. With any other, a run of letters and digits is one word, whatever pieces the vocabulary cuts
/// it into; Chinese characters are grouped by <see cref="ChineseWords"/>; everything else is a word for itself. Those groups come from the texts, not from jieba's dictionary of modern
/// written Chinese, so that they fit other fields and times too, and do not depend on how the library was built.
/// </remarks>
sealed class WholeWords(ChineseWords chinese)
{
    /// <summary>Tokenizes a text and says which word each token belongs to, counted from 0 in the order of the text.</summary>
    public TokenizedText Tokenize(string text, ITextTokenizer tokenizer, out int[] ofTokens)
    {
        if (tokenizer is IWordTokenizer cutter) return cutter.Tokenize(text, out ofTokens);
        var tokens = tokenizer.Tokenize(text);
        ofTokens = OfTokens(text, tokens);
        return tokens;
    }

    /// <summary>The word of each token, counted from 0 in the order of the text.</summary>
    public int[] OfTokens(string text, TokenizedText tokens)
    {
        var ofCharacters = OfCharacters(text);
        var words = new int[tokens.Count];
        var (word, last) = (-1, -1);
        for (var i = 0; i < words.Length; i++)
        {
            var here = ofCharacters[tokens.Starts[i]];
            if (here != last) word++;
            (words[i], last) = (word, here);
        }
        return words;
    }

    int[] OfCharacters(string text)
    {
        var words = new int[text.Length];
        var word = -1;
        for (var i = 0; i < text.Length;)
        {
            word++;
            var length = ChineseWords.IsChinese(text[i]) ? chinese.LengthAt(text, i) : RunLength(text, i);
            words.AsSpan(i, length).Fill(word);
            i += length;
        }
        return words;
    }

    static int RunLength(string text, int begin)
    {
        var end = begin;
        while (end < text.Length && IsPart(text, end)) end++;
        return Math.Max(1, end - begin);
    }

    // Marks and surrogates stay with what they belong to.
    static bool IsPart(string text, int i) => !ChineseWords.IsChinese(text[i]) && (char.IsLetterOrDigit(text, i) || char.IsLowSurrogate(text[i]) || char.GetUnicodeCategory(text, i) == System.Globalization.UnicodeCategory.NonSpacingMark);
}
