using System.Runtime.InteropServices;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Scoring;

/// <summary>Makes the padded batch that an encoder takes, for training and for scoring alike.</summary>
public static class TokenBatch
{
    /// <summary>Lays windows out as rows: [CLS], the tokens, [SEP], padding up to the longest row.</summary>
    /// <param name="windows">The windows, at least one. Token <c>First + p − 1</c> of a window's text stands at position p of its row.</param>
    /// <param name="tokenizer">Gives the ids of the special tokens.</param>
    /// <param name="device">Where the tensors are made.</param>
    /// <returns>Ids and mask [B, T]; they belong to the caller (or to its dispose scope).</returns>
    public static EncoderInput Create(IReadOnlyList<TextWindow> windows, ITextTokenizer tokenizer, Device device)
    {
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfZero(windows.Count);
        var longest = windows.Max(window => window.SequenceLength);
        var ids = empty(windows.Count, longest, ScalarType.Int64);
        var mask = empty(windows.Count, longest, ScalarType.Bool);
        Fill(windows, tokenizer, longest, MemoryMarshal.Cast<byte, long>(ids.bytes), mask.bytes);
        return new(OnDevice(ids, device), OnDevice(mask, device)) { HasPadding = windows.Any(window => window.SequenceLength < longest) };
    }

    static void Fill(IReadOnlyList<TextWindow> windows, ITextTokenizer tokenizer, int width, Span<long> ids, Span<byte> mask)
    {
        ids.Fill(tokenizer.PadId);
        mask.Clear();
        for (var row = 0; row < windows.Count; row++)
        {
            var (text, first, count) = windows[row];
            var target = ids.Slice(row * width, width);
            target[0] = tokenizer.ClsId;
            for (var i = 0; i < count; i++) target[i + 1] = text.Ids[first + i];
            target[count + 1] = tokenizer.SepId;
            mask.Slice(row * width, count + 2).Fill(1);
        }
    }

    static Tensor OnDevice(Tensor tensor, Device device)
    {
        if (device.type == DeviceType.CPU) return tensor;
        using (tensor) return tensor.to(device);
    }
}
