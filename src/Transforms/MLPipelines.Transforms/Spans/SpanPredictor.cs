using MLPipelines.Components;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Spans;

/// <summary>Finds the spans of tokenized texts: windows, batches of similar length, model, decoding.</summary>
/// <remarks>
/// Used by scoring and by validation during training. Owns nothing. The model has to be in eval mode. Safe for concurrent use; on a GPU one forward pass
/// runs at a time. Texts that are longer than the encoder accepts are read in overlapping windows (<see cref="TextWindows"/>).
/// </remarks>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Gives the special tokens.</param>
/// <param name="labels">The entity types, in the order of the head.</param>
/// <param name="options">Settings; null stands for the defaults.</param>
public sealed class SpanPredictor(SpanExtractionModel model, ITextTokenizer tokenizer, IReadOnlyList<string> labels, SpanPredictorOptions? options = null)
{
    readonly SpanPredictorOptions _options = OptionsValidator.Validate(options ?? new(), nameof(SpanPredictor));
    readonly LengthBatches _batches = new();

    /// <summary>Finds spans.</summary>
    /// <param name="texts">The texts, in any order and number; memory is bounded by the batch, not by this list.</param>
    /// <param name="cancellationToken">Checked before every batch.</param>
    /// <returns>For each text its spans, ordered by start, end and entity type.</returns>
    public IReadOnlyList<IReadOnlyList<PredictedSpan>> Predict(IReadOnlyList<TokenizedText> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var windowsOf = texts.Select(text => TextWindows.Split(text, model.Encoder.MaximumLength, _options.Overlap)).ToList();
        var all = windowsOf.SelectMany((windows, text) => windows.Select((window, index) => (Text: text, Index: index, Window: window))).ToList();
        var spans = texts.Select(_ => new List<(int Label, PredictedSpan Span)>()).ToList();
        var device = model.Device;

        var batches = _batches.Run([.. all.Select(item => item.Window.SequenceLength)], Limit, device, group => Score([.. group.Select(i => all[i].Window)], device), cancellationToken);
        foreach (var (group, cells) in batches)
        {
            foreach (var cell in cells)
            {
                var (text, index, window) = all[group[cell.Window]];
                if (windowsOf[text].Count > 1 && TextWindows.Owner(windowsOf[text], cell.First, cell.Last) != index) continue;
                spans[text].Add((cell.Label, new(window.Text.Starts[cell.First], window.Text.Ends[cell.Last], labels[cell.Label], cell.Score)));
            }
        }

        return [.. spans.Select(Ordered)];
    }

    IReadOnlyList<SpanDecoder.Cell> Score(TextWindow[] windows, Device device)
        => SpanDecoder.Decode(model.call(TokenBatch.Create(windows, tokenizer, device)), windows, _options.Threshold); // from [B, E, T, T]

    int Limit(int length) => (int)Math.Min(_options.BatchSize, _options.MaximumCells / ((long)labels.Count * length * length));

    // Several tokens may share the offsets of one character; the best of equal spans stays.
    IReadOnlyList<PredictedSpan> Ordered(List<(int Label, PredictedSpan Span)> spans)
    {
        PredictedSpan[] ordered =
        [
            .. spans.OrderBy(item => item.Span.Start).ThenBy(item => item.Span.End).ThenBy(item => item.Label).ThenByDescending(item => item.Span.Score)
                .Select(item => item.Span).DistinctBy(span => (span.Start, span.End, span.Label)),
        ];
        return _options.KeepOverlapping ? ordered : FlatSpans.Of(ordered);
    }
}
