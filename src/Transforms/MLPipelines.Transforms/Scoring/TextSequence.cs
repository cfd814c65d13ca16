namespace MLPipelines.Scoring;

/// <summary>One sequence as an encoder reads it, special tokens included: <c>[CLS] a [SEP]</c> or <c>[CLS] a [SEP] b [SEP]</c>.</summary>
/// <param name="Ids">Token ids; not to be changed.</param>
/// <param name="SecondFrom">The position from which tokens have segment id 1; the length of the sequence where none have.</param>
public sealed record TextSequence(int[] Ids, int SecondFrom)
{
    /// <summary>The number of tokens, special tokens included.</summary>
    public int Length => Ids.Length;

    /// <summary>How many tokens of a pair found no room in it; 0 for single texts, of which windows show every token.</summary>
    public int Dropped { get; init; }
}
