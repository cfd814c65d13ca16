using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Dropout whose mask comes from a given generator, so that training repeats exactly without touching global state.</summary>
/// <remarks>
/// In training mode each element is zeroed with the given probability and the others are divided by 1 − p; in eval mode the input passes through.
/// Each call draws one 64-bit key from the generator and hashes it with the position of each element, so the mask is the same on every device, and the
/// state of the given generator is all that a checkpoint has to keep.
/// Not thread-safe in training mode. Source: https://jmlr.org/papers/v15/srivastava14a.html.
/// </remarks>
public sealed class SeededDropout : nn.Module<Tensor, Tensor>
{
    readonly double probability;
    readonly Generator generator;
    readonly bool ownsGenerator;

    /// <summary>Creates the layer.</summary>
    /// <param name="probability">The share of elements zeroed, in [0, 1).</param>
    /// <param name="generator">A CPU generator, not owned; null makes one with seed 0.</param>
    public SeededDropout(double probability, Generator? generator = null) : base(nameof(SeededDropout))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probability, 1);
        this.probability = probability;
        this.generator = generator ?? new Generator();
        ownsGenerator = generator is null;
    }

    /// <summary>Whether a forward pass changes anything: training mode and a probability above 0.</summary>
    public bool IsActive => training && probability > 0;

    /// <summary>Applies dropout.</summary>
    /// <param name="input">Any shape; not changed.</param>
    /// <returns>A fresh tensor (in eval mode it shares the input's storage).</returns>
    public override Tensor forward(Tensor input)
    {
        if (!IsActive) return input.alias();
        using var mask = Mask(input);
        return input.mul(mask);
    }

    /// <summary>A tensor like the given one that holds 0 with the layer's probability and 1/(1 − p) otherwise.</summary>
    Tensor Mask(Tensor like)
    {
        var key = DrawKey();
        if (like.device_type != DeviceType.CPU) return CounterRandom.MaskLike(like, key, probability);
        var mask = empty(like.shape, ScalarType.Float32);
        CounterRandom.FillMask(MemoryMarshal.Cast<byte, float>(mask.bytes), key, probability);
        if (like.dtype == ScalarType.Float32) return mask;
        using (mask) return mask.to(like.dtype);
    }

    long DrawKey()
    {
        using var key = randint(0, long.MaxValue, [1], ScalarType.Int64, CPU, false, generator);
        return key.ReadCpuInt64(0);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsGenerator) generator.Dispose();
        base.Dispose(disposing);
    }
}
