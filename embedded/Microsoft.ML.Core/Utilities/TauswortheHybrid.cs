using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Three Tausworthe steps combined with a linear congruential one, by the constants of GPU Gems 3, chapter 37.
/// The same seed gives the same numbers as in ML.NET.
/// </summary>
internal sealed class TauswortheHybrid : Random
{
    private uint _z1;
    private uint _z2;
    private uint _z3;
    private uint _z4;

    public TauswortheHybrid(State state) => (_z1, _z2, _z3, _z4) = (state.U1, state.U2, state.U3, state.U4);

    public TauswortheHybrid(Random rng)
    {
        _z1 = AtLeast128(rng);
        _z2 = AtLeast128(rng);
        _z3 = AtLeast128(rng);
        _z4 = Draw(rng);
    }

    public new float NextSingle() => (NextUInt() >> 9) * (1f / (1 << 23));

    public override double NextDouble() => NextUInt() * (1.0 / (1L << 32));

    public override int Next()
    {
        var u = NextUInt();
        return unchecked((int)(u + (u & 0x80000000)));
    }

    public override int Next(int maxValue)
    {
        Contracts.CheckParam(maxValue >= 0, nameof(maxValue), "maxValue must be non-negative");
        return (int)(((ulong)NextUInt() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        Contracts.CheckParam(minValue <= maxValue, nameof(minValue), "minValue must be less than or equal to maxValue.");
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override void NextBytes(byte[] buffer)
    {
        Contracts.CheckValue(buffer, nameof(buffer));
        foreach (ref var value in buffer.AsSpan())
        {
            value = unchecked((byte)Next());
        }
    }

    private uint NextUInt()
    {
        unchecked
        {
            _z1 = Step(_z1, 13, 19, 12, ~0x1u);
            _z2 = Step(_z2, 2, 25, 4, ~0x7u);
            _z3 = Step(_z3, 3, 11, 17, ~0xfu);
            _z4 = (1664525 * _z4) + 1013904223;
            return _z1 ^ _z2 ^ _z3 ^ _z4;
        }
    }

    private static uint Step(uint z, int s1, int s2, int s3, uint mask) => ((z & mask) << s3) ^ (((z << s1) ^ z) >> s2);

    private static uint Draw(Random rng) => ((uint)rng.Next(0x10000) << 16) | (uint)rng.Next(0x10000);

    private static uint AtLeast128(Random rng)
    {
        uint value;
        do
        {
            value = Draw(rng);
        }
        while (value < 128);
        return value;
    }

    /// <summary>The four words of the generator.</summary>
    public readonly struct State
    {
        public readonly uint U1;
        public readonly uint U2;
        public readonly uint U3;
        public readonly uint U4;

        public State(uint seed)
        {
            U1 = seed;
            U2 = MurmurRound(U1, U1);
            U3 = MurmurRound(U2, U1);
            U4 = MurmurRound(U3, U1);
        }

        private static uint MurmurRound(uint hash, uint chunk)
        {
            unchecked
            {
                chunk = BitOperations.RotateLeft(chunk * 0xcc9e2d51, 15) * 0x1b873593;
                return (BitOperations.RotateLeft(hash ^ chunk, 13) * 5) + 0xe6546b64;
            }
        }
    }
}
