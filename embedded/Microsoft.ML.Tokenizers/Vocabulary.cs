using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Tokenizers;

/// <summary>Tokens by id and ids by token; a token's id is the number of its line.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> idsBySpan;
    private readonly Dictionary<int, string> tokens = [];

    private Vocabulary() => idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <exception cref="ArgumentException">A token occurs twice.</exception>
    public static Vocabulary Read(Stream stream)
    {
        var vocabulary = new Vocabulary();
        using var reader = new StreamReader(stream, leaveOpen: true);
        for (int id = 0; reader.ReadLine() is { } token; id++)
        {
            if (token.Length == 0)
                continue;

            vocabulary.ids.Add(token, id);
            vocabulary.tokens.Add(id, token);
        }

        return vocabulary;
    }

    public int this[string token] => ids[token];

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => idsBySpan.TryGetValue(token, out id);

    public bool TryGetToken(int id, [NotNullWhen(true)] out string? token) => tokens.TryGetValue(id, out token);

    /// <summary>Gives a token a second spelling.</summary>
    public void AddAlias(string spelling, int id) => ids[spelling] = id;
}
