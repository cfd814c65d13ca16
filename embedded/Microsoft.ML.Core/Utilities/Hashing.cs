using System.Numerics;

namespace Microsoft.ML.Internal.Utilities;

/// <summary>The steps of 32-bit Murmur3.</summary>
internal static class Hashing
{
    public static uint MurmurRound(uint hash, uint chunk)
    {
        unchecked
        {
            chunk = BitOperations.RotateLeft(chunk * 0xcc9e2d51, 15) * 0x1b873593;
            return (BitOperations.RotateLeft(hash ^ chunk, 13) * 5) + 0xe6546b64;
        }
    }

    /// <summary>The last step, after all rounds.</summary>
    public static uint MixHash(uint hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
            hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
            return hash ^ (hash >> 16);
        }
    }
}
