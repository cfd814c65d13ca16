using System.Reflection;
using Xunit.Sdk;

namespace MLPipelines.Testing;

/// <summary>Gives a contract's theory one test for each check that applies to the test class's case.</summary>
[AttributeUsage(AttributeTargets.Method)]
[DataDiscoverer("Xunit.Sdk.DataDiscoverer", "xunit.core")]
sealed class ContractChecksAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
        => ((IContractTests)Activator.CreateInstance(testMethod.ReflectedType!)!).CheckNames.Select(name => new object[] { name });
}

/// <summary>A test class that stands for one contract case.</summary>
interface IContractTests
{
    IEnumerable<string> CheckNames { get; }
}
