namespace Embedded.Tests;

/// <summary>A theory about what only the embedded runtime promises; with the real packages it is reported as skipped, with the reason.</summary>
public sealed class EmbeddedTheoryAttribute : TheoryAttribute
{
    public EmbeddedTheoryAttribute(string why)
    {
        if (!EmbeddedRuntime.Made(typeof(Microsoft.ML.MLContext).Assembly)) Skip = why;
    }
}
