using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace MLPipelines.Kernels;

/// <summary>softmax(qkᵀ/√D + bias)·v, a few queries of one head at a time, so that scores never leave the cache and nothing is transposed in memory.</summary>
sealed unsafe class AttentionKernel
{
    // Of a cache line, in bytes: vectors that lie in two lines take twice as long to read.
    const int Alignment = 64;

    readonly TensorRows query, key, value, result, bias;
    readonly long[] queryStrides, keyStrides, valueStrides;
    readonly bool hasBias;
    readonly long biasBatch, biasQuery;
    readonly int heads, length, width, columns;

    AttentionKernel(Tensor query, Tensor key, Tensor value, Tensor result, Tensor? bias)
    {
        (this.query, this.key, this.value, this.result) = (new(query), new(key), new(value), new(result));
        (queryStrides, keyStrides, valueStrides) = (query.stride(), key.stride(), value.stride());
        (heads, length, width) = ((int)query.shape[1], (int)query.shape[2], (int)query.shape[3]);
        columns = (length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        if (bias is null) return;
        (hasBias, this.bias) = (true, new(bias));
        (biasBatch, biasQuery) = (bias.shape[0] == 1 ? 0 : bias.stride(0), bias.shape[2] == 1 ? 0 : bias.stride(2));
    }

    /// <summary>Whether the kernel can be used.</summary>
    public static bool CanRun(Tensor query, Tensor key, Tensor value) => TensorRows.Suit(query, key, value) && value.shape[^1] % Vector<float>.Count == 0;

    /// <summary>Attends.</summary>
    /// <param name="query">[B, N, T, D] with dense vectors.</param>
    /// <param name="key">[B, N, T, D] with dense vectors.</param>
    /// <param name="value">[B, N, T, W] with dense vectors.</param>
    /// <param name="bias">Added to the scores, [B or 1, 1, 1 or T, T]; null is 0.</param>
    /// <returns>[B, N, T, W], fresh; in memory the heads of a token stand side by side.</returns>
    public static Tensor Run(Tensor query, Tensor key, Tensor value, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var batch = query.shape[0];
        var result = empty([batch, query.shape[2], query.shape[1], value.shape[3]], query.dtype); // [B, T, N, W]
        var kernel = new AttentionKernel(query, key, value, result, bias?.to(ScalarType.Float32).contiguous());
        var memory = ArrayPool<float>.Shared.Rent(Scratch.Size(kernel));
        fixed (float* start = memory)
        {
            var scratch = new Scratch(kernel, (float*)(((nuint)start + (Alignment - 1)) & ~(nuint)(Alignment - 1)));
            for (var b = 0; b < batch; b++)
            {
                for (var n = 0; n < kernel.heads; n++) kernel.Attend(b, n, scratch);
            }
        }

        ArrayPool<float>.Shared.Return(memory);
        return result.transpose(1, 2).MoveToOuterDisposeScope();
    }

    void Attend(int b, int n, Scratch scratch)
    {
        PackKeys(b, n, scratch);
        PackValues(b, n, scratch);
        for (var first = 0; first < length; first += SixRows.Count)
        {
            var count = Math.Min(SixRows.Count, length - first);
            LoadQueries(b, n, first, count, scratch.Queries);
            SixRows.Multiply(scratch.Queries, width, scratch.Keys, columns, scratch.Scores, columns, width, columns);
            for (var i = 0; i < count; i++) Softmax(scratch.Scores + (i * columns), hasBias ? bias.Read((b * biasBatch) + ((first + i) * biasQuery), null, length) : null);
            SixRows.Multiply(scratch.Scores, columns, scratch.Values, value.Width, scratch.Mixed, result.Width, length, result.Width);
            for (var i = 0; i < count; i++) result.Write(((((long)b * length) + first + i) * heads + n) * result.Width, scratch.Mixed + (i * result.Width), result.Width);
        }
    }

    void LoadQueries(int b, int n, int first, int count, float* queries)
    {
        var scale = new Vector<float>(1 / MathF.Sqrt(width));
        for (var i = 0; i < count; i++)
        {
            var target = queries + (i * width);
            var row = query.Read((b * queryStrides[0]) + (n * queryStrides[1]) + ((first + i) * queryStrides[2]), target, width);
            var d = 0;
            for (; d <= width - Vector<float>.Count; d += Vector<float>.Count) Vector.Store(Vector.Load(row + d) * scale, target + d);
            for (; d < width; d++) target[d] = row[d] * scale[0];
        }
    }

    /// <summary>Lays the keys of a head out as [D, T], so that scores of neighbouring keys are neighbours.</summary>
    void PackKeys(int b, int n, Scratch scratch)
    {
        var rows = stackalloc float*[Vector<float>.Count];
        for (var first = 0; first < columns; first += Vector<float>.Count)
        {
            for (var j = 0; j < Vector<float>.Count; j++)
            {
                // Columns beyond the last key only fill up the vector.
                var t = Math.Min(first + j, length - 1);
                rows[j] = key.Read((b * keyStrides[0]) + (n * keyStrides[1]) + (t * keyStrides[2]), scratch.Rows + (j * width), width);
            }

            for (var d = 0; d < width; d++)
            {
                var target = scratch.Keys + (d * columns) + first;
                for (var j = 0; j < Vector<float>.Count; j++) target[j] = rows[j][d];
            }
        }
    }

    /// <summary>Lays the values of a head side by side: where they are, whole rows apart, the places of all of them in the cache are few.</summary>
    void PackValues(int b, int n, Scratch scratch)
    {
        for (var t = 0; t < length; t++)
        {
            var target = scratch.Values + ((long)t * value.Width);
            var row = value.Read((b * valueStrides[0]) + (n * valueStrides[1]) + (t * valueStrides[2]), target, value.Width);
            if (row != target) Unsafe.CopyBlock(target, row, (uint)value.Width * sizeof(float));
        }
    }

    void Softmax(float* scores, float* bias)
    {
        for (var t = length; t < columns; t++) scores[t] = float.NegativeInfinity;
        if (bias is not null)
        {
            for (var t = 0; t < length; t++) scores[t] += bias[t];
        }

        var highest = new Vector<float>(float.NegativeInfinity);
        for (var t = 0; t < columns; t += Vector<float>.Count) highest = Vector.Max(highest, Vector.Load(scores + t));
        var most = highest[0];
        for (var i = 1; i < Vector<float>.Count; i++) most = Math.Max(most, highest[i]);
        var (sum, shift) = (Vector<float>.Zero, new Vector<float>(most));
        for (var t = 0; t < columns; t += Vector<float>.Count)
        {
            var weight = VectorMath.Exp(Vector.Load(scores + t) - shift);
            sum += weight;
            Vector.Store(weight, scores + t);
        }

        var share = new Vector<float>(1 / Vector.Sum(sum));
        for (var t = 0; t < columns; t += Vector<float>.Count) Vector.Store(Vector.Load(scores + t) * share, scores + t);
    }

    /// <summary>Memory that the heads use one after the other.</summary>
    readonly struct Scratch(AttentionKernel kernel, float* start)
    {
        public readonly float* Keys = start; // [D, T]
        public readonly float* Queries = start + (kernel.width * kernel.columns); // [6, D]
        public readonly float* Scores = start + (kernel.width * (kernel.columns + SixRows.Count)); // [6, T]
        public readonly float* Mixed = start + (kernel.width * (kernel.columns + SixRows.Count)) + (SixRows.Count * kernel.columns); // [6, W]
        public readonly float* Rows = start + Fixed(kernel); // rows of keys read together, [Vector<float>.Count, D]
        public readonly float* Values = start + Fixed(kernel) + (Vector<float>.Count * kernel.width); // [T, W]

        public static int Size(AttentionKernel kernel) => Fixed(kernel) + (Vector<float>.Count * kernel.width) + (kernel.length * kernel.value.Width) + (Alignment / sizeof(float));

        static int Fixed(AttentionKernel kernel) => (kernel.width * (kernel.columns + SixRows.Count)) + (SixRows.Count * (kernel.columns + kernel.value.Width));
    }
}
