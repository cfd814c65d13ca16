using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The lengths of the axes of a tensor.</summary>
    public struct Size : IEnumerable<long>
    {
        private readonly long[] lengths;

#pragma warning disable CA2211 // a field, as in TorchSharp
        public static Size Empty = new(Array.Empty<long>());
#pragma warning restore CA2211

        public Size(long[] shape) => lengths = (long[])shape.Clone();

        public Size(IEnumerable<long> shape) => lengths = [.. shape];

        public Size(int[] shape) => lengths = [.. shape.Select(length => (long)length)];

        public Size(long size) => lengths = [size];

        public Size((long, long) size) => lengths = [size.Item1, size.Item2];

        public Size((long, long, long) size) => lengths = [size.Item1, size.Item2, size.Item3];

        public static implicit operator Size(long size) => new(size);

        public static implicit operator Size((long, long) size) => new(size);

        public static implicit operator Size((long, long, long) size) => new(size);

        public static implicit operator Size(long[] size) => new(size);

        public readonly bool IsEmpty => lengths.Length == 0;

        public readonly bool IsScalar => IsEmpty;

        public readonly int Length => lengths.Length;

        public readonly long[] Shape => lengths;

        public readonly long this[int idx] => lengths[idx];

        public readonly long this[long idx] => lengths[idx];

        public readonly long numel() => lengths.Aggregate(1L, (product, length) => product * length);

        public readonly IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)lengths).GetEnumerator();

        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
