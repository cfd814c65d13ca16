namespace MLPipelines.Host.Diagnostics;

/// <summary>One line of the doctor's report.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do about it; null when all is well.</param>
internal sealed record Finding(string Name, string Found, string? Advice = null);
