using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests;

/// <summary>Tests that count tensors or look at global state run alone.</summary>
[CollectionDefinition(ContractCollection.Name, DisableParallelization = true)]
public sealed class Contracts;
