using System.Reflection;
using Microsoft.ML;
using Xunit;

namespace Embedded.Tests.PublicApi;

/// <summary>A theory about the embedded runtime itself; with the real packages it is reported as skipped.</summary>
public sealed class EmbeddedRuntimeTheoryAttribute : TheoryAttribute
{
    public EmbeddedRuntimeTheoryAttribute()
    {
        if (!IsInUse)
            Skip = "Runs on the embedded runtime only; this build uses the real packages (MLPackages=nuget).";
    }

    public static bool IsInUse { get; } = typeof(MLContext).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(mark => mark is { Key: "Runtime", Value: "embedded" });
}
