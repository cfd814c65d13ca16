using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Short names of one byte a character, packed into words, first character lowest, padded with zeros.</summary>
internal static class PackedText
{
    public static ulong[] Pack(string text, int words)
    {
        text ??= "";
        Contracts.Check(text.Length <= words * sizeof(ulong), $"'{text}' has more than {words * sizeof(ulong)} characters.");
        var packed = new ulong[words];
        for (var i = 0; i < text.Length; i++)
        {
            Contracts.Check(text[i] <= 0xFF, $"'{text}' has a character beyond Latin-1.");
            packed[i / sizeof(ulong)] |= (ulong)text[i] << (i % sizeof(ulong) * 8);
        }
        return packed;
    }

    public static string Unpack(params ReadOnlySpan<ulong> words)
    {
        var characters = new char[words.Length * sizeof(ulong)];
        for (var i = 0; i < characters.Length; i++)
        {
            characters[i] = (char)((words[i / sizeof(ulong)] >> (i % sizeof(ulong) * 8)) & 0xFF);
        }
        return new string(characters).TrimEnd('\0');
    }
}
