using System.Numerics;
using System.Runtime.InteropServices;
using MLPipelines.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Spans;

/// <summary>Reads spans out of the logits of a <see cref="SpanExtractionModel"/>.</summary>
/// <remarks>
/// A span is a cell above the threshold whose first and last token are real tokens, neither [CLS] nor [SEP], and in order. Nested and overlapping
/// spans all come out; there is no conflict resolution. Source: https://kexue.fm/archives/8373.
/// </remarks>
public static class SpanDecoder
{
    /// <summary>A span in tokens.</summary>
    /// <param name="Window">The index of the window in the batch.</param>
    /// <param name="Label">The index of the entity type.</param>
    /// <param name="First">The first token, counted in the text.</param>
    /// <param name="Last">The last token, counted in the text.</param>
    /// <param name="Score">The logit.</param>
    public readonly record struct Cell(int Window, int Label, int First, int Last, float Score);

    /// <summary>Collects the cells above the threshold.</summary>
    /// <param name="logits">[B, E, T, T] for the windows, in the layout of <see cref="TokenBatch"/>; any device and floating-point dtype.</param>
    /// <param name="windows">The windows of the batch.</param>
    /// <param name="threshold">Cells have to be above it.</param>
    /// <returns>The cells, ordered by window, entity type, first and last token.</returns>
    public static IReadOnlyList<Cell> Decode(Tensor logits, IReadOnlyList<TextWindow> windows, float threshold = 0)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(windows);
        using var scope = NewDisposeScope();
        var cells = new List<Cell>();
        if (logits.device_type == DeviceType.CPU) Scan(logits.to(ScalarType.Float32).contiguous(), windows, threshold, cells);
        else Gather(logits, windows, threshold, cells);
        return cells;
    }

    /// <summary>Reads memory directly: nothing is allocated for the many cells below the threshold.</summary>
    /// <param name="logits">[B, E, T, T], float32 and contiguous, on the CPU.</param>
    /// <param name="windows">The windows of the batch.</param>
    /// <param name="threshold">Cells have to be above it.</param>
    /// <param name="cells">Takes the cells.</param>
    /// <param name="cellsAtOnce">Cells in one piece of memory. All those of a long window with hundreds of types are more bytes than a span can hold.</param>
    internal static void Scan(Tensor logits, IReadOnlyList<TextWindow> windows, float threshold, List<Cell> cells, int cellsAtOnce = 1 << 28)
    {
        var (types, width) = ((int)logits.shape[1], (int)logits.shape[2]);
        var typesAtOnce = Math.Clamp((int)(cellsAtOnce / ((long)width * width)), 1, types);
        for (var b = 0; b < windows.Count; b++)
        {
            using var window = logits.select(0, b); // [E, T, T]
            for (var type = 0; type < types; type += typesAtOnce)
            {
                using var piece = window.narrow(0, type, Math.Min(typesAtOnce, types - type));
                Scan(MemoryMarshal.Cast<byte, float>(piece.bytes), width, b, type, windows[b], threshold, cells);
            }
        }
    }

    static void Scan(ReadOnlySpan<float> scores, int width, int b, int firstType, TextWindow window, float threshold, List<Cell> cells)
    {
        var (_, begin, count) = window;
        for (var row = 0; row < scores.Length / width; row++)
        {
            var (type, first) = Math.DivRem(row, width);
            if (first == 0 || first > count) continue;
            var ends = scores.Slice((row * width) + first, count - first + 1);
            for (var i = NextAbove(ends, 0, threshold); i < ends.Length; i = NextAbove(ends, i + 1, threshold))
                cells.Add(new(b, firstType + type, begin + first - 1, begin + first - 1 + i, ends[i]));
        }
    }

    static int NextAbove(ReadOnlySpan<float> values, int from, float threshold)
    {
        var limit = new Vector<float>(threshold);
        for (; from <= values.Length - Vector<float>.Count; from += Vector<float>.Count)
        {
            if (Vector.GreaterThanAny(new Vector<float>(values[from..]), limit)) break;
        }

        while (from < values.Length && !(values[from] > threshold)) from++;
        return from;
    }

    /// <summary>Selects on the device and copies what was found.</summary>
    internal static void Gather(Tensor logits, IReadOnlyList<TextWindow> windows, float threshold, List<Cell> cells)
    {
        using var scope = NewDisposeScope();
        var scores = logits.to(ScalarType.Float32); // or the threshold would be rounded to the type of the logits
        var above = scores.gt(threshold).triu_();
        Collect(above.nonzero(), scores.masked_select(above), windows, cells);
    }

    /// <summary>Reads what was found.</summary>
    /// <param name="found">The places of the cells, [K, 4] in any layout: on a GPU the coordinates of one cell do not stand together.</param>
    /// <param name="scores">Their logits, float32 [K].</param>
    /// <param name="windows">The windows of the batch.</param>
    /// <param name="cells">Takes the cells.</param>
    internal static void Collect(Tensor found, Tensor scores, IReadOnlyList<TextWindow> windows, List<Cell> cells)
    {
        using var scope = NewDisposeScope();
        var places = MemoryMarshal.Cast<byte, long>(found.cpu().contiguous().bytes);
        var values = MemoryMarshal.Cast<byte, float>(scores.cpu().contiguous().bytes);
        for (var k = 0; k < values.Length; k++)
        {
            var (b, type, first, last) = ((int)places[4 * k], (int)places[(4 * k) + 1], (int)places[(4 * k) + 2], (int)places[(4 * k) + 3]);
            var (_, begin, count) = windows[b];
            if (first >= 1 && last <= count) cells.Add(new(b, type, begin + first - 1, begin + last - 1, values[k]));
        }
    }
}
