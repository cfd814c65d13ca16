using System.Globalization;
using System.Text;

namespace MLPipelines.Tokenizers;

/// <summary>What the basic tokenization of BERT does with a character.</summary>
enum CharacterKind : byte
{
    /// <summary>Part of a word; <see cref="CharacterRules.Normalized"/> says what it becomes.</summary>
    Word,

    /// <summary>A word of its own: punctuation, or a Chinese character.</summary>
    Single,

    /// <summary>Ends a word and gives no token.</summary>
    Space,

    /// <summary>Removed as if it were not there: control and format characters, unassigned ones, unpaired surrogates, U+0000 and U+FFFD.</summary>
    Dropped,

    /// <summary>A combining mark that is removed and counts as part of the character before it.</summary>
    Mark,

    /// <summary>One half of a character outside the Basic Multilingual Plane: look the whole character up.</summary>
    Surrogate,
}

/// <summary>The rules of BERT's basic tokenization for every character, for one choice of options.</summary>
/// <remarks>
/// The Basic Multilingual Plane is one table, so that the hot loop does one look-up for each character. Source: https://github.com/google-research/bert
/// (tokenization.py). Chinese characters include the extensions that Unicode added since.
/// </remarks>
sealed class CharacterRules
{
    // Three flags, eight sets of rules; each is made when first needed and shared by every tokenizer of the process.
    static readonly Lazy<CharacterRules>[] s_rules = [.. Enumerable.Range(0, 8).Select(i => new Lazy<CharacterRules>(() => new((i & 1) != 0, (i & 2) != 0, (i & 4) != 0)))];

    readonly bool _lowerCase;
    readonly bool _stripAccents;
    readonly bool _splitChinese;
    readonly CharacterKind[] _kinds = new CharacterKind[char.MaxValue + 1];
    readonly char[] _single = new char[char.MaxValue + 1];
    readonly Dictionary<char, string> _longer = [];

    CharacterRules(bool lowerCase, bool stripAccents, bool splitChinese)
    {
        (_lowerCase, _stripAccents, _splitChinese) = (lowerCase, stripAccents, splitChinese);
        for (var c = 0; c <= char.MaxValue; c++)
        {
            if (char.IsSurrogate((char)c))
            {
                _kinds[c] = CharacterKind.Surrogate;
                continue;
            }

            var (kind, normalized) = Apply(new Rune((char)c));
            _kinds[c] = kind;
            _single[c] = normalized.Length == 1 ? normalized[0] : '\0';
            if (normalized.Length > 1) _longer[(char)c] = normalized;
        }
    }

    /// <summary>The rules for a choice of options.</summary>
    public static CharacterRules For(bool lowerCase, bool stripAccents, bool splitChinese)
        => s_rules[(lowerCase ? 1 : 0) | (stripAccents ? 2 : 0) | (splitChinese ? 4 : 0)].Value;

    /// <summary>What happens to a UTF-16 unit.</summary>
    public CharacterKind Kind(char c) => _kinds[c];

    /// <summary>The one character that it becomes; U+0000 when it becomes several, see <see cref="Normalized"/>.</summary>
    public char Single(char c) => _single[c];

    /// <summary>The characters that it becomes when it is not exactly one.</summary>
    public string Normalized(char c) => _longer[c];

    /// <summary>The same for any character.</summary>
    public (CharacterKind Kind, string Normalized) Apply(Rune rune)
    {
        if (IsSpace(rune)) return (CharacterKind.Space, "");
        if (IsRemoved(rune)) return (CharacterKind.Dropped, "");
        var normalized = Normalize(rune);
        if (normalized.Length == 0) return (CharacterKind.Mark, "");
        var isSingle = (_splitChinese && IsChinese(rune.Value)) || (Rune.DecodeFromUtf16(normalized, out var first, out var used) == 0 && used == normalized.Length && IsPunctuation(first));
        return (isSingle ? CharacterKind.Single : CharacterKind.Word, normalized);
    }

    string Normalize(Rune rune)
    {
        if (rune.IsAscii) return (_lowerCase ? Rune.ToLowerInvariant(rune) : rune).ToString();
        var parts = _stripAccents ? CanonicalDecomposition.Of(rune) : rune.ToString();
        var normalized = new StringBuilder();
        foreach (var part in parts.EnumerateRunes())
        {
            if (_stripAccents && Rune.GetUnicodeCategory(part) == UnicodeCategory.NonSpacingMark) continue;
            normalized.Append(_lowerCase ? LowerCase(part) : part.ToString());
        }

        return normalized.ToString();
    }

    // The only character whose lower-case form has two; runtimes differ about it.
    static string LowerCase(Rune rune) => rune.Value == 0x130 ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString();

    static bool IsSpace(Rune rune) => rune.Value is ' ' or '\t' or '\n' or '\r'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    static bool IsRemoved(Rune rune) => rune.Value is 0 or 0xFFFD
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    static bool IsPunctuation(Rune rune) => rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        || Rune.IsPunctuation(rune);

    /// <summary>The unified and compatibility ideographs, extensions A to J.</summary>
    public static bool IsChinese(int point) => point is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x2FA1F) or (>= 0x30000 and <= 0x3347F);
}
