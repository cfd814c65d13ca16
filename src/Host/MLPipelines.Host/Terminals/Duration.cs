using System.Globalization;

namespace MLPipelines.Host.Terminals;

/// <summary>Times as people read them: minutes and seconds, and hours where there are any, however many.</summary>
internal static class Duration
{
    /// <summary>The text of a time, such as 4:05 or 30:04:05.</summary>
    /// <param name="time">The time, at least 0.</param>
    /// <param name="hours">Whether hours are shown even where there are none.</param>
    internal static string Text(TimeSpan time, bool hours = false) => hours || time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}")
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
