using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Trainers.Tests;

/// <summary>Tests that count native tensors or look at global state run one after another.</summary>
[CollectionDefinition(ContractCollection.Name, DisableParallelization = true)]
public sealed class Contracts;
