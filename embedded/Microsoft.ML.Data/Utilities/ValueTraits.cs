using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>What the types of values mean: which value is missing, when two are equal, how they are ordered and written.</summary>
internal static class ValueTraits
{
    /// <summary>Missing are NaN, key 0 and, for terms, empty text; no other type has a missing value.</summary>
    public static Func<T, bool> IsMissing<T>(DataViewType itemType)
    {
        if (itemType is KeyDataViewType)
            return value => EqualityComparer<T>.Default.Equals(value, default);
        Delegate predicate = typeof(T) == typeof(float) ? (Func<float, bool>)float.IsNaN
            : typeof(T) == typeof(double) ? (Func<double, bool>)double.IsNaN
            : typeof(T) == typeof(ReadOnlyMemory<char>) ? (Func<ReadOnlyMemory<char>, bool>)(text => text.IsEmpty)
            : (Func<T, bool>)(_ => false);
        return (Func<T, bool>)predicate;
    }

    /// <summary>The missing value of a type, or its default where it has none.</summary>
    public static T MissingOrDefault<T>(DataViewType itemType)
        => itemType == NumberDataViewType.Single ? (T)(object)float.NaN : itemType == NumberDataViewType.Double ? (T)(object)double.NaN : default;

    public static IEqualityComparer<T> Comparer<T>()
        => typeof(T) == typeof(ReadOnlyMemory<char>) ? (IEqualityComparer<T>)(object)TextComparer.Instance : EqualityComparer<T>.Default;

    public static IComparer<T> Order<T>()
        => typeof(T) == typeof(ReadOnlyMemory<char>) ? (IComparer<T>)(object)TextComparer.Instance : System.Collections.Generic.Comparer<T>.Default;

    public static string ToText<T>(T value) => value switch
    {
        float.NaN or double.NaN => "?",
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("G17", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "0",
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
        DataViewRowId id => $"0x{id.High:x16}{id.Low:x16}",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()
    };

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
    {
        public static readonly TextComparer Instance = new();

        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);

        public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);
    }
}
