namespace Embedded.Tests;

/// <summary>A test of what only the embedded TorchSharp promises.</summary>
public sealed class EmbeddedFactAttribute : FactAttribute
{
    public EmbeddedFactAttribute(string why)
    {
        if (!EmbeddedRuntime.Made(typeof(TorchSharp.torch).Assembly)) Skip = why;
    }
}
