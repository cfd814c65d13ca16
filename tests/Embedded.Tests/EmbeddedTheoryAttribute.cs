using System.Reflection;

namespace Embedded.Tests;

/// <summary>A theory about what only the embedded runtime promises; with the real packages it is reported as skipped, with the reason.</summary>
public sealed class EmbeddedTheoryAttribute : TheoryAttribute
{
    public EmbeddedTheoryAttribute(string why)
    {
        IEnumerable<AssemblyMetadataAttribute> marks = typeof(Microsoft.ML.MLContext).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        if (!marks.Any(mark => mark is { Key: "Runtime", Value: "embedded" }))
            Skip = why;
    }
}
