namespace MLPipelines.Tokenizers;

/// <summary>The tokens of one text, without special tokens: ids and where each token stands in the original text.</summary>
/// <remarks>
/// Offsets are UTF-16 indices into the text that was given, end exclusive; starts and ends never decrease. Tokens are disjoint,
/// except where one character gave several tokens (a Hangul syllable split by the vocabulary): these share the character's offsets.
/// The arrays have equal lengths and are not to be changed.
/// </remarks>
public sealed class TokenizedText
{
    /// <summary>Joins the arrays.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="starts">Where each token begins.</param>
    /// <param name="ends">Where each token ends, exclusive.</param>
    /// <exception cref="ArgumentException">The arrays differ in length.</exception>
    public TokenizedText(int[] ids, int[] starts, int[] ends)
    {
        if (ids.Length != starts.Length || ids.Length != ends.Length) throw Failures.PartsDoNotFit("the arrays of a tokenized text differ in length", ids.Length, Math.Min(starts.Length, ends.Length));
        (Ids, Starts, Ends) = (ids, starts, ends);
    }

    /// <summary>Token ids, indices into the vocabulary.</summary>
    public int[] Ids { get; }

    /// <summary>Where each token begins in the text.</summary>
    public int[] Starts { get; }

    /// <summary>Where each token ends in the text, exclusive.</summary>
    public int[] Ends { get; }

    /// <summary>The number of tokens.</summary>
    public int Count => Ids.Length;
}
