using MLPipelines.Scoring;
using MLPipelines.Tokenizers;

namespace MLPipelines.Trainers.Pretraining;

/// <summary>A sequence of a text and which word each of its tokens belongs to.</summary>
/// <param name="Sequence">[CLS], tokens, [SEP].</param>
/// <param name="Words">The word of each token between the special ones.</param>
sealed record PretrainingText(TextSequence Sequence, int[] Words)
{
    /// <summary>The sequences of texts; long texts give several that do not overlap, texts without tokens none.</summary>
    public static List<PretrainingText> Create(IEnumerable<string> texts, ITextTokenizer tokenizer, WholeWords words, int maximumLength, CancellationToken cancellationToken)
    {
        var made = new List<PretrainingText>();
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tokens = words.Tokenize(text, tokenizer, out var ofTokens);
            for (int first = 0, count; first < tokens.Count; first += count)
            {
                count = Math.Min(maximumLength - 2, tokens.Count - first);
                made.Add(new(new([tokenizer.ClsId, .. tokens.Ids.AsSpan(first, count), tokenizer.SepId], count + 2), ofTokens[first..(first + count)]));
            }
        }
        return made;
    }
}
