using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Core.Tests;

[CollectionDefinition(ContractCollection.Name, DisableParallelization = true)]
public sealed class Contracts;
