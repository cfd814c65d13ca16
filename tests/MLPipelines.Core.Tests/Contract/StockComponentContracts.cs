using Microsoft.ML;
using MLPipelines.Testing;

namespace MLPipelines.Core.Tests.Contract;

// ML.NET's own components are known to be right: a check that fails for them raises a false alarm.

public sealed class CopyColumnsContract : EstimatorContractTests
{
    protected override ContractCase Case => new((ml, _) => ml.Transforms.CopyColumns("Y", "X"), ToyCases.Numbers, ["X"])
    {
        SupportsCancellation = false,
        MaximumLookahead = int.MaxValue - 1,
    };

    protected override IReadOnlyDictionary<string, string> ExpectedFailures { get; } = new Dictionary<string, string> { ["WrongTypeIsNamed"] = "copies columns of any type" };
}

public sealed class MapValueToKeyContract : EstimatorContractTests
{
    protected override ContractCase Case => new((ml, _) => ml.Transforms.Conversion.MapValueToKey("Key", "Text"), ToyCases.Texts, ["Text"])
    {
        SupportsCancellation = false,
        MaximumLookahead = int.MaxValue - 1,
    };

    protected override IReadOnlyDictionary<string, string> ExpectedFailures { get; } = new Dictionary<string, string> { ["WrongTypeIsNamed"] = "maps values of any type to keys" };
}

public sealed class ConcatenateContract : EstimatorContractTests
{
    protected override ContractCase Case => new((ml, _) => ml.Transforms.Concatenate("Features", "X", "Label"), ToyCases.Numbers, ["X", "Label"])
    {
        SupportsCancellation = false,
        MaximumLookahead = int.MaxValue - 1,
    };

    protected override IReadOnlyDictionary<string, string> ExpectedFailures { get; } = new Dictionary<string, string>
    {
        ["MissingColumnIsNamed"] = "Fit does not look at its data, and so not at their schema either",
        ["WrongTypeIsNamed"] = "the message lists the types of all inputs, not the name of the odd one",
    };
}
