using System.Runtime.InteropServices;
using MLPipelines.Components;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Classification;

/// <summary>Computes the raw scores of texts: sequences, batches of similar length, model, means over windows.</summary>
/// <remarks>
/// Used by scoring and by validation during training. Owns nothing. The model has to be in eval mode. Safe for concurrent use; on a GPU one forward pass
/// runs at a time.
/// </remarks>
/// <param name="model">The model.</param>
/// <param name="tokenizer">The tokenizer it was trained with.</param>
/// <param name="options">What is read, and how.</param>
public sealed class TextPredictor(TextScoringModel model, ITextTokenizer tokenizer, TextInputOptions options)
{
    readonly TextInputOptions _options = OptionsValidator.Validate(options, nameof(TextPredictor));
    readonly LengthBatches _batches = new();

    /// <summary>The longest sequence, special tokens included. Of a longer text there are windows; a longer pair is shortened, see <see cref="TextSequence.Dropped"/>.</summary>
    public int MaximumLength => model.Encoder.MaximumLength;

    /// <summary>What the encoder reads of a text, or of a pair.</summary>
    /// <param name="text">The text.</param>
    /// <param name="second">The second text of a pair; null where the model reads single texts.</param>
    public IReadOnlyList<TextSequence> Sequences(string text, string? second = null)
    {
        var tokens = tokenizer.Tokenize(text);
        return second is null
            ? TextSequences.Of(tokens, tokenizer, model.Encoder.MaximumLength, _options.WindowOverlap)
            : [TextSequences.OfPair(tokens, tokenizer.Tokenize(second), tokenizer, model.Encoder.MaximumLength, _options.Segments)];
    }

    /// <summary>Scores texts.</summary>
    /// <param name="texts">The sequences of each text; memory is bounded by the batch, not by this list.</param>
    /// <param name="cancellationToken">Checked before every batch.</param>
    /// <returns>For each text its raw scores, one for each class or label.</returns>
    public float[][] Predict(IReadOnlyList<IReadOnlyList<TextSequence>> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var all = texts.SelectMany((sequences, text) => sequences.Select(sequence => (Text: text, Sequence: sequence))).ToList();
        var sums = texts.Select(_ => new double[model.Head.Outputs]).ToList();
        var batches = _batches.Run(
            [.. all.Select(item => item.Sequence.Length)], length => _options.BatchTokens / length, model.Device, group => Score([.. group.Select(i => all[i].Sequence)]), cancellationToken);
        foreach (var (group, scores) in batches)
        {
            for (var row = 0; row < group.Length; row++) Add(sums[all[group[row]].Text], scores.AsSpan(row * model.Head.Outputs, model.Head.Outputs), all[group[row]].Sequence.Length);
        }

        return [.. texts.Select((sequences, text) => Array.ConvertAll(sums[text], sum => (float)(sum / sequences.Sum(sequence => sequence.Length))))];
    }

    static void Add(double[] sum, ReadOnlySpan<float> scores, int weight)
    {
        for (var i = 0; i < sum.Length; i++) sum[i] += (double)weight * scores[i];
    }

    float[] Score(TextSequence[] sequences)
    {
        var scores = model.call(TextSequences.ToBatch(sequences, tokenizer.PadId, model.Device)).to(ScalarType.Float32).cpu().contiguous(); // [B, L]
        return MemoryMarshal.Cast<byte, float>(scores.bytes).ToArray();
    }
}
