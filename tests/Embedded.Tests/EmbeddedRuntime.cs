using System.Reflection;

namespace Embedded.Tests;

/// <summary>Says whether an assembly is the embedded runtime's own or a real package's.</summary>
internal static class EmbeddedRuntime
{
    internal static bool Made(Assembly assembly)
    {
        IEnumerable<AssemblyMetadataAttribute> marks = assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        return marks.Any(mark => mark is { Key: "Runtime", Value: "embedded" });
    }
}
