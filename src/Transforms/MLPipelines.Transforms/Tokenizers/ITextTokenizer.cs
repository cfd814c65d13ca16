namespace MLPipelines.Tokenizers;

/// <summary>Turns text into token ids with exact character offsets.</summary>
/// <remarks>
/// Safe for concurrent use. Never throws for any string, empty ones and unpaired surrogates included; what is not text for the model
/// (control characters) gives no token. The same text always gives the same tokens, on every platform and culture.
/// </remarks>
public interface ITextTokenizer
{
    /// <summary>All entries; the index of an entry is its id.</summary>
    IReadOnlyList<string> Vocabulary { get; }

    /// <summary>The id of the token that begins every sequence.</summary>
    int ClsId { get; }

    /// <summary>The id of the token that ends every sequence.</summary>
    int SepId { get; }

    /// <summary>The id that fills a sequence up to the length of its batch.</summary>
    int PadId { get; }

    /// <summary>The id of words that the vocabulary cannot express.</summary>
    int UnkId { get; }

    /// <summary>The id that hides a token in masked language modelling; −1 where the vocabulary has none.</summary>
    int MaskId { get; }

    /// <summary>The options record that makes this tokenizer again from its vocabulary; saved in models.</summary>
    object Settings { get; }

    /// <summary>Tokenizes one text, without adding special tokens.</summary>
    /// <param name="text">Any string.</param>
    TokenizedText Tokenize(string text);
}
