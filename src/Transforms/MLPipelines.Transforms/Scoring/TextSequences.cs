using System.Runtime.InteropServices;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Scoring;

/// <summary>Lays texts and pairs of texts out as sequences, and sequences as the padded batch that an encoder takes.</summary>
public static class TextSequences
{
    /// <summary>The sequences of one text: one, or overlapping windows of a text that is too long for one.</summary>
    /// <param name="text">The text; one without tokens gives <c>[CLS] [SEP]</c>.</param>
    /// <param name="tokenizer">Gives the ids of the special tokens.</param>
    /// <param name="maximumLength">The longest sequence, special tokens included; at least 3.</param>
    /// <param name="overlap">How many tokens neighbouring windows share.</param>
    /// <returns>At least one sequence; together they show every token.</returns>
    public static IReadOnlyList<TextSequence> Of(TokenizedText text, ITextTokenizer tokenizer, int maximumLength, int overlap)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var windows = TextWindows.Split(text, maximumLength, overlap);
        if (windows.Count == 0) return [new([tokenizer.ClsId, tokenizer.SepId], 2)];
        return [.. windows.Select(window => new TextSequence([tokenizer.ClsId, .. text.Ids.AsSpan(window.First, window.Count), tokenizer.SepId], window.SequenceLength))];
    }

    /// <summary>The sequence of a pair of texts. A pair that is too long is shortened at the end of the longer text, token by token; <see cref="TextSequence.Dropped"/> counts them.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <param name="tokenizer">Gives the ids of the special tokens.</param>
    /// <param name="maximumLength">The longest sequence, special tokens included; at least 5.</param>
    /// <param name="segments">Whether the second text and its <c>[SEP]</c> have segment id 1; otherwise all have 0, as RoFormerV2 was fine-tuned.</param>
    public static TextSequence OfPair(TokenizedText first, TokenizedText second, ITextTokenizer tokenizer, int maximumLength, bool segments)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, 5);
        var (a, b, room) = (first.Count, second.Count, maximumLength - 3);
        var dropped = Math.Max(0, a + b - room);
        // The longer one gives way until both are equally long, then both in turn.
        if (a + b > room) (a, b) = a <= room / 2 ? (a, room - a) : b <= room / 2 ? (room - b, b) : (room - room / 2, room / 2);
        int[] ids = [tokenizer.ClsId, .. first.Ids.AsSpan(0, a), tokenizer.SepId, .. second.Ids.AsSpan(0, b), tokenizer.SepId];
        return new(ids, segments ? a + 2 : ids.Length) { Dropped = dropped };
    }

    /// <summary>Makes the padded batch.</summary>
    /// <param name="sequences">The rows, at least one.</param>
    /// <param name="padding">The id that fills a row up to the longest.</param>
    /// <param name="device">Where the tensors are made.</param>
    /// <returns>Ids, mask and, where a row has two segments, token types, each [B, T]; they belong to the caller (or to its dispose scope).</returns>
    public static EncoderInput ToBatch(IReadOnlyList<TextSequence> sequences, int padding, Device device)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfZero(sequences.Count);
        var (rows, width) = (sequences.Count, sequences.Max(sequence => sequence.Length));
        var (ids, mask) = (new long[rows * width], new bool[rows * width]);
        var types = sequences.Any(sequence => sequence.SecondFrom < sequence.Length) ? new long[rows * width] : null;
        Array.Fill(ids, padding);
        for (var row = 0; row < rows; row++)
        {
            var (sequence, at) = (sequences[row], row * width);
            for (var i = 0; i < sequence.Length; i++) ids[at + i] = sequence.Ids[i];
            mask.AsSpan(at, sequence.Length).Fill(true);
            types?.AsSpan(at + sequence.SecondFrom, sequence.Length - sequence.SecondFrom).Fill(1);
        }
        return new(ToTensor(ids, rows, width, device), ToTensor(mask, rows, width, device), types is null ? null : ToTensor(types, rows, width, device))
        {
            HasPadding = sequences.Any(sequence => sequence.Length < width),
        };
    }

    static Tensor ToTensor<T>(T[] values, int rows, int width, Device device)
        where T : unmanaged
    {
        var made = empty(rows, width, typeof(T) == typeof(bool) ? ScalarType.Bool : ScalarType.Int64);
        MemoryMarshal.AsBytes<T>(values).CopyTo(made.bytes);
        if (device.type == DeviceType.CPU) return made;
        using (made) return made.to(device);
    }
}
