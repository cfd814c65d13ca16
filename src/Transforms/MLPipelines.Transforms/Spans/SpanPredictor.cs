using MLPipelines.Components;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;
using TorchSharp;
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
    readonly Lock _oneAtATime = new();

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

        foreach (var group in LengthBuckets.Group([.. all.Select(item => item.Window.SequenceLength)], Limit))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var cell in Score([.. group.Select(i => all[i].Window)], device))
            {
                var (text, index, window) = all[group[cell.Window]];
                if (windowsOf[text].Count > 1 && TextWindows.Owner(windowsOf[text], cell.First, cell.Last) != index) continue;
                spans[text].Add((cell.Label, new(window.Text.Starts[cell.First], window.Text.Ends[cell.Last], labels[cell.Label], cell.Score)));
            }
        }

        return [.. spans.Select(Ordered)];
    }

    IReadOnlyList<SpanDecoder.Cell> Score(TextWindow[] windows, Device device)
    {
        // Grad mode and dispose scopes belong to the thread, so they are opened here, where the tensors are made.
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var turn = device.type == DeviceType.CPU ? null : new Turn(_oneAtATime);
        var logits = model.call(TokenBatch.Create(windows, tokenizer, device)); // [B, E, T, T]
        return SpanDecoder.Decode(logits, windows, _options.Threshold);
    }

    int Limit(int length) => (int)Math.Min(_options.BatchSize, _options.MaximumCells / ((long)labels.Count * length * length));

    // Several tokens may share the offsets of one character; the best of equal spans stays.
    static IReadOnlyList<PredictedSpan> Ordered(List<(int Label, PredictedSpan Span)> spans) =>
    [
        .. spans.OrderBy(item => item.Span.Start).ThenBy(item => item.Span.End).ThenBy(item => item.Label).ThenByDescending(item => item.Span.Score)
            .Select(item => item.Span).DistinctBy(span => (span.Start, span.End, span.Label)),
    ];

    sealed class Turn : IDisposable
    {
        readonly Lock _lock;

        public Turn(Lock oneAtATime)
        {
            _lock = oneAtATime;
            _lock.Enter();
        }

        public void Dispose() => _lock.Exit();
    }
}
