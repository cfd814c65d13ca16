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

public sealed class NormalizeMeanVarianceContract : EstimatorContractTests
{
    protected override ContractCase Case => new((ml, _) => ml.Transforms.NormalizeMeanVariance("Y", "X", fixZero: false), ToyCases.Numbers, ["X"])
    {
        SupportsCancellation = false,
        UsesTorch = false,
        MaximumLookahead = int.MaxValue - 1,
    };
}

public sealed class NormalizeMinMaxContract : EstimatorContractTests
{
    protected override ContractCase Case => new((ml, _) => ml.Transforms.NormalizeMinMax("F"), ToyCases.Vectors, ["F"])
    {
        SupportsCancellation = false,
        UsesTorch = false,
        MaximumLookahead = int.MaxValue - 1,
    };
}

public sealed class NormalizeLpNormContract : EstimatorContractTests
{
    protected override ContractCase Case => new((ml, _) => ml.Transforms.NormalizeLpNorm("N", "F"), ToyCases.Vectors, ["F"])
    {
        SupportsCancellation = false,
        UsesTorch = false,
        MaximumLookahead = int.MaxValue - 1,
    };
}

public sealed class KMeansContract : EstimatorContractTests
{
    protected override ContractCase Case => new((ml, _) => ml.Clustering.Trainers.KMeans("F", numberOfClusters: 2), ToyCases.Vectors, ["F"])
    {
        SupportsCancellation = false,
        UsesTorch = false,
        MaximumLookahead = int.MaxValue - 1,
    };

    protected override IReadOnlyDictionary<string, string> ExpectedFailures => PredictionTransformers.ExpectedFailures;
}

public sealed class LbfgsMaximumEntropyContract : EstimatorContractTests
{
    protected override ContractCase Case => new((ml, _) => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", "F"), ToyCases.Vectors, ["F"])
    {
        RequiredForFit = ["Key"],
        SupportsCancellation = false,
        UsesTorch = false,
        MaximumLookahead = int.MaxValue - 1,
    };

    protected override IReadOnlyDictionary<string, string> ExpectedFailures => PredictionTransformers.ExpectedFailures;
}

static class PredictionTransformers
{
    public static IReadOnlyDictionary<string, string> ExpectedFailures { get; } = new Dictionary<string, string>
    {
        ["MissingColumnIsNamed"] = "Transform gives the name of the column as the role and the role as the name",
        ["DisposeIsFinalAndIdempotent"] = "scores after Dispose, which only passes on to models that hold resources",
    };
}
