using MLPipelines.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>Encodes a large batch on the CPU as several smaller ones beside each other (<see cref="ComputeThreads"/>).</summary>
static class EncoderPieces
{
    // Enough rows for matrix products to run at full rate, and few enough for what is between them to stay near the processor.
    const long FewestTokens = 256, MostTokens = 2048;

    /// <summary>Whether splitting is possible and pays off: no gradient is recorded, and there is more than one piece and one thread.</summary>
    public static bool CanSplit(EncoderInput input)
        => !is_grad_enabled() && ComputeThreads.CanSplit && input.Ids.device_type == DeviceType.CPU && input.Ids.shape[0] > 1 && input.Ids.numel() >= 2 * FewestTokens;

    /// <summary>Encodes the pieces and joins the results.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="encode">Encodes one batch; called on several threads.</param>
    public static Tensor Encode(EncoderInput input, Func<EncoderInput, Tensor> encode)
    {
        var (rows, step) = (input.Ids.shape[0], RowsOfPiece(input.Ids.shape[0], input.Ids.shape[1]));
        var results = new Tensor?[(rows + step - 1) / step];
        try
        {
            ComputeThreads.ForEach([.. Enumerable.Range(0, results.Length)], i =>
            {
                using var scope = NewDisposeScope();
                results[i] = encode(Rows(input, i * step, Math.Min(step, rows - (i * step)))).DetachFromDisposeScope();
            });
            return cat([.. results.Select(result => result!)]);
        }
        finally
        {
            foreach (var result in results) result?.Dispose();
        }
    }

    /// <summary>As many pieces as threads, or twice, three times … as many where these would be too large.</summary>
    static long RowsOfPiece(long rows, long length)
    {
        var threads = get_num_threads();
        var rounds = ((rows * length) + (threads * MostTokens) - 1) / (threads * MostTokens);
        var most = Math.Max(1, rows * length / FewestTokens);
        var pieces = Math.Min(threads * rounds, most);
        return (rows + pieces - 1) / pieces;
    }

    static EncoderInput Rows(EncoderInput input, long first, long count) => new(input.Ids.narrow(0, first, count), input.Mask.narrow(0, first, count), input.TokenTypes?.narrow(0, first, count))
    {
        HasPadding = input.HasPadding,
        Visible = input.Visible is { } visible && visible.shape[0] > 1 ? visible.narrow(0, first, count) : input.Visible,
    };
}
