using System.Numerics;
using MLPipelines.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Rotary position embedding over adjacent pairs of features.</summary>
/// <remarks>
/// For position m and pair i of a vector of even width D, with θᵢ = base^(−2i/D):
/// y₂ᵢ = x₂ᵢ·cos mθᵢ − x₂ᵢ₊₁·sin mθᵢ and y₂ᵢ₊₁ = x₂ᵢ₊₁·cos mθᵢ + x₂ᵢ·sin mθᵢ, that is, pair i as a complex number times e^(i·m·θᵢ).
/// The inner product of two rotated vectors depends on the difference of their positions only; position 0 is left as it is.
/// This is not the half-split form (pairs i and i + D/2) of LLaMA and GPT-NeoX, and the two cannot be mixed.
/// A table for each device and precision is as long as the longest sequence so far asked for, rounded up to a power of two, and kept until <see cref="Dispose"/>. Thread-safe.
/// Sources: https://arxiv.org/abs/2104.09864, https://kexue.fm/archives/8265.
/// </remarks>
public sealed class RotaryEmbedding : IPositionEncoding, IDisposable
{
    const int ShortestTable = 256;

    readonly int width;
    readonly int maximumLength;
    readonly double frequencyBase;
    readonly Dictionary<(DeviceType, int, ScalarType), Tensor> tables = [];
    readonly List<Tensor> outgrown = []; // other threads may still read them
    bool disposed;

    /// <summary>Creates the embedding; tables are computed when first needed.</summary>
    /// <param name="width">The width D of one rotated vector, even.</param>
    /// <param name="maximumLength">The number of positions.</param>
    /// <param name="frequencyBase">The base of the frequencies.</param>
    public RotaryEmbedding(int width, int maximumLength, double frequencyBase = 10000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(width % 2, 0, nameof(width));
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, 1);
        (this.width, this.maximumLength, this.frequencyBase) = (width, maximumLength, frequencyBase);
    }

    /// <summary>Rotates every vector by its position.</summary>
    /// <param name="vectors">[B, T, …, D]: positions 0 … T−1 along the second axis. Not changed.</param>
    /// <returns>A fresh tensor of the same shape and dtype. Half precisions are rotated in float32.</returns>
    public Tensor Rotate(Tensor vectors)
    {
        if (RotaryKernel.CanRun(vectors)) return RunKernel(vectors, bias: null);
        var dtype = vectors.dtype;
        var wide = dtype is ScalarType.Float32 or ScalarType.Float64 ? vectors : vectors.to(ScalarType.Float32);
        var length = wide.shape[1];
        var shape = new long[wide.dim()]; // [1, T, 1 …, D/2]
        Array.Fill(shape, 1);
        (shape[1], shape[^1]) = (length, width / 2);
        var turn = Table(wide.device, wide.dtype, length).narrow(0, 0, length).view(shape);
        var pairs = Paired(wide).unflatten(wide.dim() - 1, width / 2, 2).view_as_complex(); // [B, T, …, D/2]
        var rotated = pairs.mul(turn).view_as_real().flatten(-2);
        return wide.dtype == dtype ? rotated : rotated.to(dtype);
    }

    /// <summary>Adds a bias and rotates: <see cref="Rotate"/> for vectors that still lack it.</summary>
    /// <param name="map">Makes the vectors.</param>
    /// <param name="input">[B, T, inputs].</param>
    /// <param name="shape">The axes that the outputs of the map are split into, the last one of width D.</param>
    /// <returns>[B, T, …, D], fresh.</returns>
    internal Tensor RotateOutput(Dense map, Tensor input, params long[] shape)
    {
        using var scope = NewDisposeScope();
        if (!TensorRows.Suit(input)) return Rotate(map.call(input).unflatten(2, shape)).MoveToOuterDisposeScope();
        var vectors = map.Product(input).unflatten(2, shape);
        return (RotaryKernel.CanRun(vectors) ? RunKernel(vectors, map.Bias) : Rotate(map.Bias is null ? vectors : vectors.add_(map.Bias.view(shape)))).MoveToOuterDisposeScope();
    }

    Tensor RunKernel(Tensor vectors, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var flat = vectors.dim() == 3 ? vectors.unsqueeze(2) : vectors.flatten(2, -2); // [B, T, N, D]
        return RotaryKernel.Run(flat, bias?.to(ScalarType.Float32).view(-1, width), Table(CPU, ScalarType.Float32, flat.shape[1]).view_as_real()).view(vectors.shape).MoveToOuterDisposeScope();
    }

    // Complex numbers have to begin at even places, which vectors inside rows of odd length do not.
    static Tensor Paired(Tensor vectors) => vectors.storage_offset() % 2 == 0 && vectors.stride().SkipLast(1).All(step => step % 2 == 0) ? vectors : vectors.contiguous();

    Tensor IPositionEncoding.Encode(Tensor vectors) => Rotate(vectors);

    /// <summary>A table of at least the given length.</summary>
    Tensor Table(Device device, ScalarType dtype, long length)
    {
        if (length > maximumLength) throw Failures.SequenceTooLong(length, maximumLength);
        var key = (device.type, device.index, dtype);
        lock (tables)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var has = tables.TryGetValue(key, out var table);
            if (has && table!.shape[0] >= length) return table;
            if (has) outgrown.Add(table!);
            return tables[key] = MakeTable(device, dtype, (int)Math.Min(maximumLength, (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(length, ShortestTable))));
        }
    }

    Tensor MakeTable(Device device, ScalarType dtype, int length)
    {
        // A table made in inference mode could not take part in a later training step.
        using var ordinary = inference_mode(false);
        using var noGrad = no_grad();
        var parts = new double[length, width / 2, 2];
        for (var position = 0; position < length; position++)
        {
            for (var pair = 0; pair < width / 2; pair++)
            {
                var (sin, cos) = Math.SinCos(position * Math.Pow(frequencyBase, -2.0 * pair / width));
                (parts[position, pair, 0], parts[position, pair, 1]) = (cos, sin);
            }
        }
        using var scope = NewDisposeScope();
        // TorchSharp lends the array to the tensor, and complex numbers in double precision need memory aligned to 16 bytes, which arrays are not.
        return tensor(parts).to(dtype).to(device).clone().view_as_complex().DetachFromDisposeScope(); // [length, D/2]
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (tables)
        {
            foreach (var table in tables.Values.Concat(outgrown)) table.Dispose();
            tables.Clear();
            outgrown.Clear();
            disposed = true;
        }
    }
}
