using MLPipelines.Testing;

namespace MLPipelines.Core.Tests.Contract;

/// <summary>The correct toy passes every check.</summary>
public sealed class MeanCenterContract : EstimatorContractTests
{
    protected override ContractCase Case => ToyCases.Toy(Fault.None);
}
