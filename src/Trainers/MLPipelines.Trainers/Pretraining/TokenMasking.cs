using MLPipelines.Scoring;
using MLPipelines.Tokenizers;

namespace MLPipelines.Trainers.Pretraining;

/// <summary>Hides whole words: a share of all tokens is chosen word by word; of these 80 % become [MASK], 10 % a random token, 10 % stay.</summary>
/// <remarks>Source: Devlin et al., https://arxiv.org/abs/1810.04805, and the whole-word variant of https://github.com/google-research/bert.</remarks>
sealed class TokenMasking
{
    readonly double share;
    readonly int mask;
    readonly int[] ordinary;

    public TokenMasking(ITextTokenizer tokenizer, double share)
    {
        this.share = share;
        mask = tokenizer.MaskId >= 0 ? tokenizer.MaskId : throw TrainerErrors.NoMaskToken();
        ordinary = [.. Enumerable.Range(0, tokenizer.Vocabulary.Count).Where(id => tokenizer.Vocabulary[id] is not ['[', .., ']'])];
    }

    /// <summary>Hides tokens of a sequence.</summary>
    /// <param name="sequence">[CLS], tokens, [SEP].</param>
    /// <param name="words">The word of each token between the special ones, ascending.</param>
    /// <param name="random">Where choices come from.</param>
    public MaskedSequence Apply(TextSequence sequence, ReadOnlySpan<int> words, Random random)
    {
        var wanted = Math.Max(1, (int)Math.Round(share * words.Length));
        var chosen = Choose(words, wanted, random);
        var (ids, positions) = ((int[])sequence.Ids.Clone(), new List<int>(wanted));
        for (var token = 0; token < words.Length; token++)
        {
            if (!chosen[token]) continue;
            positions.Add(token + 1);
            var kind = random.NextDouble();
            if (kind < 0.8) ids[token + 1] = mask;
            else if (kind < 0.9 && ordinary.Length > 0) ids[token + 1] = ordinary[random.Next(ordinary.Length)];
        }
        return new(new(ids, ids.Length), [.. positions], [.. positions.Select(position => sequence.Ids[position])]);
    }

    /// <summary>
    /// Words in random order until enough tokens are covered; a further word that would cover too many is passed over. Of a word that is more than half of the text, as in scripts without spaces,
    /// only as much is hidden as is wanted: from nothing nothing can be guessed.
    /// </summary>
    static bool[] Choose(ReadOnlySpan<int> words, int wanted, Random random)
    {
        var first = words[0];
        var lengths = new int[words[^1] - first + 1];
        foreach (var word in words) lengths[word - first]++;
        var order = new int[lengths.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        random.Shuffle(order);
        var (chosen, covered) = (new bool[words.Length], 0);
        foreach (var word in order)
        {
            if (covered >= wanted) break;
            if (covered > 0 && covered + lengths[word] > wanted) continue;
            var begin = words.IndexOf(word + first);
            var hidden = lengths[word] > words.Length / 2 ? Math.Min(lengths[word], wanted) : lengths[word];
            if (hidden < lengths[word]) begin += random.Next(lengths[word] - hidden + 1);
            chosen.AsSpan(begin, hidden).Fill(true);
            covered += hidden;
        }
        return chosen;
    }
}
