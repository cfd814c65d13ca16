using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads a value from text; false where the text is none.</summary>
internal delegate bool TextValueParser<T>(ReadOnlySpan<char> text, out T value);

/// <summary>How text stands for values. Empty text is the default value of every type.</summary>
internal static class TextValueParser
{
    private const NumberStyles RealStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Whether text that cannot be read becomes a missing value instead of an error.</summary>
    public static bool HasMissing(DataViewType itemType)
        => itemType == NumberDataViewType.Single || itemType == NumberDataViewType.Double || itemType is KeyDataViewType;

    public static TextValueParser<T> Create<T>(DataViewType itemType, TextFormat format)
    {
        if (itemType is KeyDataViewType keyType)
            return Key<T>(keyType.Count);
        Delegate parser = itemType.RawType switch
        {
            var type when type == typeof(sbyte) => Integer<sbyte>(),
            var type when type == typeof(byte) => Integer<byte>(),
            var type when type == typeof(short) => Integer<short>(),
            var type when type == typeof(ushort) => Integer<ushort>(),
            var type when type == typeof(int) => Integer<int>(),
            var type when type == typeof(uint) => Integer<uint>(),
            var type when type == typeof(long) => Integer<long>(),
            var type when type == typeof(ulong) => Integer<ulong>(),
            var type when type == typeof(float) => Real(float.NaN, format),
            var type when type == typeof(double) => Real(double.NaN, format),
            var type when type == typeof(bool) => (TextValueParser<bool>)Boolean,
            var type when type == typeof(TimeSpan) => (TextValueParser<TimeSpan>)((ReadOnlySpan<char> text, out TimeSpan value)
                => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value)),
            var type when type == typeof(DateTime) => (TextValueParser<DateTime>)((ReadOnlySpan<char> text, out DateTime value) => DateTime.TryParse(text,
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value)),
            var type when type == typeof(DateTimeOffset) => (TextValueParser<DateTimeOffset>)((ReadOnlySpan<char> text, out DateTimeOffset value)
                => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value)),
            _ => throw Contracts.ExceptNotSupp($"Columns of type '{itemType}' cannot be read from text.")
        };
        return (TextValueParser<T>)parser;
    }

    private static TextValueParser<T> Integer<T>()
        where T : System.Numerics.INumber<T>
        => (ReadOnlySpan<char> text, out T value) => T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && text[0] != '+';

    private static TextValueParser<T> Real<T>(T missing, TextFormat form)
        where T : System.Numerics.IFloatingPoint<T>
    {
        var format = new NumberFormatInfo
        {
            NumberDecimalSeparator = form.DecimalMarker.ToString(),
            NumberGroupSeparator = "",
            PositiveInfinitySymbol = "Infinity",
            NegativeInfinitySymbol = "-Infinity"
        };
        var empty = form.MissingRealsAsNaNs ? missing : T.Zero;
        return (ReadOnlySpan<char> text, out T value) =>
        {
            var trimmed = text.Trim();
            value = trimmed.IsEmpty ? empty : missing;
            if (trimmed.IsEmpty || IsMissing(trimmed))
                return true;
            // The name of infinity is "Infinity" or "∞"; a format knows only one.
            if (trimmed.EndsWith("∞"))
                trimmed = trimmed is "∞" ? "Infinity" : trimmed is "-∞" ? "-Infinity" : trimmed;
            bool valid = T.TryParse(trimmed, RealStyle, format, out var number);
            if (valid)
                value = number;
            return valid;
        };
    }

    private static TextValueParser<T> Key<T>(ulong count) => (ReadOnlySpan<char> text, out T value) =>
    {
        // Text counts keys from 0, columns from 1.
        bool isKey = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number < count;
        value = (T)Convert.ChangeType(isKey ? number + 1 : 0, typeof(T), null);
        return isKey || IsMissing(text);
    };

    private static bool Boolean(ReadOnlySpan<char> text, out bool value)
    {
        Span<char> lower = stackalloc char[5];
        int length = text.Length <= 5 ? text.ToLowerInvariant(lower) : 0;
        value = lower[..length] is "t" or "y" or "1" or "+" or "+1" or "yes" or "true";
        return value || lower[..length] is "f" or "n" or "0" or "-" or "-1" or "no" or "false";
    }

    private static bool IsMissing(ReadOnlySpan<char> text) => text is "?" || text.Equals("na", StringComparison.OrdinalIgnoreCase)
        || text.Equals("n/a", StringComparison.OrdinalIgnoreCase) || text.Equals("nan", StringComparison.OrdinalIgnoreCase);
}
