using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>Fields of a line, counted from 0.</summary>
    public sealed class Range
    {
        public int Min;

        /// <summary>The last field of the range; null for <see cref="Min"/> alone, or up to the end of the line where one of the next two says so.</summary>
        public int? Max;

        /// <summary>The range ends with the line, and all lines are equally long.</summary>
        public bool AutoEnd;

        /// <summary>The range ends with the line, and lines differ in length.</summary>
        public bool VariableEnd;

        /// <summary>Only fields that no other column names.</summary>
        public bool AllOther;

        /// <summary>A single field makes a vector of length one.</summary>
        public bool ForceVector;

        public Range()
        {
        }

        public Range(int index)
        {
            Contracts.CheckParam(index >= 0, nameof(index), "Must be non-negative");
            Min = index;
            Max = index;
        }

        public Range(int min, int? max)
        {
            Contracts.CheckParam(min >= 0, nameof(min), "Must be non-negative");
            Contracts.CheckParam(!(max < min), nameof(max), "If specified, must be greater than or equal to min");
            Min = min;
            Max = max;
            ForceVector = true;
            AutoEnd = max is null;
        }
    }
}
