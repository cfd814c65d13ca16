namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>What the offsets in a file count.</summary>
public enum TextOffsets
{
    /// <summary>Unicode code points, as Python counts; a character outside the Basic Multilingual Plane counts once.</summary>
    CodePoints,

    /// <summary>UTF-16 units, as .NET counts; a character outside the Basic Multilingual Plane counts twice.</summary>
    Utf16,
}
