using System.Globalization;

namespace MLPipelines.Components;

/// <summary>A file given by the user does not have the form that it should have.</summary>
/// <remarks>A host maps this to "wrong input", as opposed to "something failed"; the command line tool ends with exit code 2.</remarks>
public sealed class DataFormatException : Exception
{
    /// <summary>Says what is wrong with user data.</summary>
    /// <param name="what">What is wrong, one sentence without a full stop, for example <c>the field 'text' is missing</c>.</param>
    /// <param name="file">The file's name as the user gave it; null when the data do not come from a file.</param>
    /// <param name="line">The line, from 1; null when unknown.</param>
    /// <param name="column">The column in that line, from 1; null when unknown.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="found">What is there.</param>
    /// <param name="inner">The exception that this one explains.</param>
    public DataFormatException(
        string what, string? file = null, long? line = null, long? column = null, string? expected = null, string? found = null, Exception? inner = null)
        : base(Errors.Text("MLP001", what, Where(file, line, column), expected, found, advice: null), inner)
        => (File, Line, Column, Expected, Found) = (file, line, column, expected, found);

    /// <summary>The file's name as the user gave it; null when the data do not come from a file.</summary>
    public string? File { get; }

    /// <summary>The line, from 1; null when unknown.</summary>
    public long? Line { get; }

    /// <summary>The column in that line, from 1; null when unknown.</summary>
    public long? Column { get; }

    /// <summary>What should be there.</summary>
    public string? Expected { get; }

    /// <summary>What is there.</summary>
    public string? Found { get; }

    static string? Where(string? file, long? line, long? column)
    {
        string?[] parts =
        [
            file,
            line is { } l ? string.Create(CultureInfo.InvariantCulture, $"line {l}") : null,
            column is { } c ? string.Create(CultureInfo.InvariantCulture, $"column {c}") : null,
        ];
        var known = parts.Where(part => part is not null).ToList();
        return known.Count == 0 ? null : string.Join(", ", known);
    }
}
