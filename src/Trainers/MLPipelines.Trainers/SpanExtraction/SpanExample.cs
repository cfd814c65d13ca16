using MLPipelines.Scoring;
using MLPipelines.Tokenizers;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>One window of a training text with its gold spans as positions in the encoder's sequence.</summary>
/// <param name="Window">The tokens.</param>
/// <param name="Targets">Distinct (label, first, last) triples; positions count from the [CLS] token, which is 0, and both are inclusive.</param>
sealed record SpanExample(TextWindow Window, IReadOnlyList<(int Label, int First, int Last)> Targets);

/// <summary>Training texts as examples, and what became of their gold spans.</summary>
/// <param name="Examples">The examples, in the order of the rows.</param>
/// <param name="Spans">Distinct gold spans.</param>
/// <param name="Misaligned">Spans that do not begin and end where tokens do: no cell of the table stands for them.</param>
/// <param name="Split">Spans that are longer than the overlap of windows and lie in no window completely.</param>
sealed record SpanExamples(IReadOnlyList<SpanExample> Examples, int Spans, int Misaligned, int Split)
{
    public static SpanExamples Create(
        IEnumerable<GoldRow> rows, ITextTokenizer tokenizer, IReadOnlyList<string> labels, int maximumLength, int overlap, CancellationToken cancellationToken)
    {
        var labelIds = labels.Select((label, id) => (label, id)).ToDictionary(x => x.label, x => x.id, StringComparer.Ordinal);
        var examples = new List<SpanExample>();
        var (spans, misaligned, split) = (0, 0, 0);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tokens = tokenizer.Tokenize(row.Text);
            var targets = new List<(int Label, int First, int Last)>();
            foreach (var span in row.Spans.Distinct())
            {
                spans++;
                var (first, last) = (Array.IndexOf(tokens.Starts, span.Start), Array.LastIndexOf(tokens.Ends, span.End));
                if (first < 0 || last < first) misaligned++;
                else targets.Add((labelIds[span.Label], first, last));
            }
            var windows = TextWindows.Split(tokens, maximumLength, overlap);
            split += targets.Count(t => !windows.Any(w => Contains(w, t)));
            examples.AddRange(windows.Select(w => new SpanExample(w, [.. targets.Where(t => Contains(w, t)).Select(t => (t.Label, t.First - w.First + 1, t.Last - w.First + 1))])));
        }
        return new SpanExamples(examples, spans, misaligned, split);
    }

    /// <summary>What a user has to know about the spans, in full sentences; empty when all is well.</summary>
    public IReadOnlyList<string> Warnings()
    {
        var warnings = new List<string>();
        if (Misaligned > 0)
        {
            warnings.Add(TrainerErrors.Invariant(
                $"{Misaligned} of {Spans} training spans do not begin and end where tokens do; they cannot be learned and count as missed in validation. Check their offsets, or use a vocabulary that splits there."));
        }
        if (Split > 0)
        {
            warnings.Add(TrainerErrors.Invariant(
                $"{Split} of {Spans} training spans fit into no window of a long text; they cannot be learned. Raise WindowOverlap or MaximumLength."));
        }
        return warnings;
    }

    static bool Contains(TextWindow window, (int Label, int First, int Last) target) => target.First >= window.First && target.Last < window.First + window.Count;
}
