using System.Globalization;
using System.Text;

namespace MLPipelines.Tokenizers;

/// <summary>Unicode canonical decomposition of single characters.</summary>
/// <remarks>
/// A table of our own, because <see cref="string.Normalize(NormalizationForm)"/> leaves everything as it is in applications that run in
/// invariant globalization mode: the same model would then read accented words differently from one container to the next.
/// </remarks>
static class CanonicalDecomposition
{
    const int HangulFirst = 0xAC00, HangulCount = 11172, VowelCount = 21, TrailCount = 28;

    static readonly Dictionary<int, string> s_table = Load();

    /// <summary>The decomposition of a character; the character itself where it has none.</summary>
    public static string Of(Rune rune)
    {
        var index = rune.Value - HangulFirst;
        if (index is < 0 or >= HangulCount) return s_table.TryGetValue(rune.Value, out var decomposition) ? decomposition : rune.ToString();
        var (lead, vowel, trail) = (index / (VowelCount * TrailCount), index % (VowelCount * TrailCount) / TrailCount, index % TrailCount);
        Span<char> jamo = [(char)(0x1100 + lead), (char)(0x1161 + vowel), (char)(0x11A7 + trail)];
        return new(trail == 0 ? jamo[..2] : jamo);
    }

    static Dictionary<int, string> Load()
    {
        using var stream = typeof(CanonicalDecomposition).Assembly.GetManifestResourceStream("decompositions.txt")!;
        using var reader = new StreamReader(stream);
        var table = new Dictionary<int, string>(2100);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var points = line.Split(' ').Select(point => int.Parse(point, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToArray();
            table.Add(points[0], string.Concat(points.Skip(1).Select(char.ConvertFromUtf32)));
        }

        return table;
    }
}
