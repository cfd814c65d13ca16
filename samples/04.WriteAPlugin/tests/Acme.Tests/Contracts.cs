using MLPipelines.Testing;
using Xunit;

namespace Acme.Tests;

/// <summary>Contract tests count native tensors, so they run one after another.</summary>
[CollectionDefinition(ContractCollection.Name, DisableParallelization = true)]
public sealed class Contracts;
