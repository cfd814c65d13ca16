using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>The hash of a value that ML.NET splits data by. Equal numbers give equal splits.</summary>
internal static class MurmurHash
{
    public static uint Round(uint hash, uint chunk)
    {
        unchecked
        {
            return (BitOperations.RotateLeft(hash ^ Scramble(chunk), 13) * 5) + 0xE6546B64;
        }
    }

    public static uint Mix(uint hash, int byteCount)
    {
        unchecked
        {
            hash ^= (uint)byteCount;
            hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
            hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
            return hash ^ (hash >> 16);
        }
    }

    /// <summary>
    /// Murmur 3 over the text's UTF-8 bytes, where each half of a surrogate pair counts as a character of its own and a character of
    /// more than one byte rotates the bytes not yet consumed together with its own. The latter looks like a slip, but it decides the hash.
    /// </summary>
    public static uint Text(uint hash, ReadOnlySpan<char> text)
    {
        int byteCount = 0, bits = 0;
        ulong pending = 0;
        foreach (uint ch in text)
        {
            if (ch <= 0x7F)
            {
                pending |= (ulong)ch << bits;
                bits += 8;
            }
            else if (ch <= 0x7FF)
            {
                pending |= (ulong)((ch & 0x3F) | ((ch << 2) & 0x1F00) | 0xC080) << bits;
                pending = ((pending & 0xFF) << 8) | (pending >> 8);
                bits += 16;
            }
            else
            {
                pending |= (ulong)((ch & 0x3F) | ((ch << 2) & 0x3F00) | ((ch << 4) & 0x0F0000) | 0xE08080) << bits;
                pending = ((pending & 0xFF) << 16) | (((pending >> 8) & 0xFF) << 8) | (pending >> 16);
                bits += 24;
            }
            if (bits >= 32)
            {
                hash = Round(hash, (uint)pending);
                pending >>= 32;
                bits -= 32;
                byteCount += 4;
            }
        }
        if (bits > 0)
        {
            byteCount += bits / 8;
            hash ^= Scramble((uint)(pending & ((1ul << bits) - 1)));
        }
        return Mix(hash, byteCount);
    }

    private static uint Scramble(uint chunk)
    {
        unchecked
        {
            return BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;
        }
    }
}
