using System.Reflection;
using Xunit;

namespace MLPipelines.Testing;

/// <summary>Contract tests count tensors and look at global state, so nothing else may run beside them.</summary>
/// <remarks>
/// xunit wants the definition of a collection in the test assembly itself. A test project that uses the contracts contains:
/// <code>
/// [CollectionDefinition(ContractCollection.Name, DisableParallelization = true)]
/// public sealed class Contracts;
/// </code>
/// The native checks fail with this advice when it is missing.
/// </remarks>
public static class ContractCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "MLPipelines contracts";

    internal static void RequireDefinition(Assembly assembly)
        => Require.That(
            assembly.GetTypes().Any(type => type.GetCustomAttributesData().Any(data => data.AttributeType == typeof(CollectionDefinitionAttribute) && data.ConstructorArguments is [{ Value: Name }])),
            $"{assembly.GetName().Name} does not define the test collection \"{Name}\". "
            + "Add: [CollectionDefinition(ContractCollection.Name, DisableParallelization = true)] public sealed class Contracts;");
}
