namespace Embedded.Tests;

/// <summary>Tests that count tensors or touch what all threads share; nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NativeMemoryCollection
{
    public const string Name = "Native memory";
}
