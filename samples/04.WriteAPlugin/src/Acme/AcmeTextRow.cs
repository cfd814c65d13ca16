namespace Acme;

/// <summary>One row on its way through <see cref="AcmeTextScorer"/>.</summary>
/// <param name="text">What was read.</param>
public sealed class AcmeTextRow(string text)
{
    /// <summary>What was read.</summary>
    public string Text { get; } = text;

    /// <summary>The result.</summary>
    public string Even { get; set; } = "";
}
