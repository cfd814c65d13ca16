using System.Text;

namespace MLPipelines.Tokenizers;

/// <summary>A vocabulary that has been checked.</summary>
sealed class VocabularyFile
{
    static readonly string[] s_required = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

    VocabularyFile(IReadOnlyList<string> entries, Dictionary<string, int> ids)
    {
        Entries = entries;
        (Pad, Unknown, Cls, Sep) = (ids["[PAD]"], ids["[UNK]"], ids["[CLS]"], ids["[SEP]"]);
        Mask = ids.GetValueOrDefault("[MASK]", -1);
        IsCased = entries.Any(HasCapital);
    }

    public IReadOnlyList<string> Entries { get; }

    public int Pad { get; }

    public int Unknown { get; }

    public int Cls { get; }

    public int Sep { get; }

    public int Mask { get; }

    /// <summary>Whether any entry, apart from names in brackets, would change when lower-cased.</summary>
    public bool IsCased { get; }

    public static VocabularyFile Read(string path)
    {
        var lines = File.ReadAllLines(path, Encoding.UTF8).ToList();
        while (lines is [.., ""]) lines.RemoveAt(lines.Count - 1);
        return Check(lines, path);
    }

    public static VocabularyFile Check(IReadOnlyList<string> entries, string? file)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0) throw Failures.VocabularyEmpty(file);
        var ids = new Dictionary<string, int>(entries.Count, StringComparer.Ordinal);
        for (var id = 0; id < entries.Count; id++)
        {
            var entry = entries[id];
            if (string.IsNullOrEmpty(entry) || entry.AsSpan().ContainsAny('\r', '\n')) throw Failures.VocabularyLineEmpty(file, id + 1);
            if (!ids.TryAdd(entry, id)) throw Failures.VocabularyEntryTwice(entry, file, id + 1, ids[entry] + 1);
        }

        var missing = s_required.Where(entry => !ids.ContainsKey(entry)).ToList();
        return missing.Count == 0 ? new([.. entries], ids) : throw Failures.VocabularyLacks(missing, file);
    }

    static bool HasCapital(string entry)
        => !(entry is ['[', .., ']'] or ['<', .., '>']) && entry.EnumerateRunes().Any(rune => Rune.ToLowerInvariant(rune) != rune);
}
