using System.Reflection;

namespace Embedded.Tests;

/// <summary>A test of what only the embedded TorchSharp promises.</summary>
public sealed class EmbeddedFactAttribute : FactAttribute
{
    public EmbeddedFactAttribute(string why)
    {
        var runtime = typeof(TorchSharp.torch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(item => item.Key == "Runtime");
        if (runtime?.Value != "embedded") Skip = why;
    }
}
