namespace Microsoft.ML.Data;

/// <summary>Checks and growth of the arrays inside a <see cref="VBuffer{T}"/>.</summary>
internal static class Buffers
{
    public static void CheckRange(int value, int maximum, string name)
    {
        if (value < 0 || value > maximum)
        {
            throw new ArgumentOutOfRangeException(name, $"Must be between 0 and {maximum}, but is {value}.");
        }
    }

    public static void CheckHolds<T>(T[] array, int count, string name)
    {
        if ((array?.Length ?? 0) < count)
        {
            throw new ArgumentOutOfRangeException(name, $"Must have at least {count} items, but has {array?.Length ?? 0}.");
        }
    }

    /// <summary>Makes the array hold <paramref name="count"/> items, with spare room for the next rows, and tells whether it is a new one.</summary>
    public static bool Grow<T>(ref T[] array, int count, int capacity, bool keepOld)
    {
        if (count > capacity)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), $"Cannot hold {count} items with a capacity of {capacity}.");
        }
        var size = array?.Length ?? 0;
        if (size >= count)
        {
            return false;
        }
        var wanted = (int)Math.Min(Math.Max(size == 0 ? 4 : 2L * size, count), capacity);
        if (keepOld && size > 0)
        {
            Array.Resize(ref array, wanted);
        }
        else
        {
            array = new T[wanted];
        }
        return true;
    }
}
