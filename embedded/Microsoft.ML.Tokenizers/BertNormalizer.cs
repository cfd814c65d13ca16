using System.Globalization;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>BERT's clean-up: control characters go, spaces become U+0020, and on demand lower case, CJK ideographs set apart, accents removed.</summary>
internal sealed class BertNormalizer(bool lowerCase, bool separateIdeographs, bool removeNonSpacingMarks) : Normalizer
{
    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());

    public override string Normalize(string original)
    {
        if (string.IsNullOrEmpty(original))
            return string.Empty;

        if (removeNonSpacingMarks)
            original = original.Normalize(NormalizationForm.FormD);

        var text = new StringBuilder(original.Length);
        Span<char> lowered = stackalloc char[2];
        for (int i = 0, length; i < original.Length; i += length)
        {
            length = char.IsSurrogatePair(original, i) ? 2 : 1;
            ReadOnlySpan<char> character = original.AsSpan(i, length);
            if (character is ['\0' or '\uFFFD'])
                continue;

            switch (CharUnicodeInfo.GetUnicodeCategory(original, i))
            {
                case UnicodeCategory.Control:
                case UnicodeCategory.NonSpacingMark when removeNonSpacingMarks:
                    break;
                case UnicodeCategory.SpaceSeparator:
                    text.Append(' ');
                    break;
                case UnicodeCategory.UppercaseLetter when lowerCase:
                    text.Append(lowered[..character.ToLowerInvariant(lowered)]);
                    break;
                default:
                    if (separateIdeographs && IsIdeograph(char.IsSurrogate(character[0]) && length == 1 ? character[0] : char.ConvertToUtf32(original, i)))
                        text.Append(' ').Append(character).Append(' ');
                    else
                        text.Append(character);
                    break;
            }
        }

        return text.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The blocks that BERT splits into single characters; Kana and Hangul are not among them.</summary>
    private static bool IsIdeograph(int codePoint) => codePoint
        is (>= 0x3400 and <= 0x4DBF)
        or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2CEAF)
        or (>= 0x2F800 and <= 0x2FA1F);
}
