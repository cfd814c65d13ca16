using MLPipelines.Encoders;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Encoders;

public sealed class RoFormerV2EncoderTests
{
    [Theory]
    [InlineData("v2", ScalarType.Float64, 1e-9)]
    [InlineData("v2", ScalarType.Float32, 2e-5)]
    [InlineData("v2", ScalarType.BFloat16, 0.2)]
    [InlineData("v2_narrow_embedding", ScalarType.Float64, 1e-9)]
    [InlineData("v2_narrow_embedding", ScalarType.Float32, 2e-5)]
    public void Results_match_the_reference(string name, ScalarType dtype, double tolerance) => new ReferenceCase(name).Check(dtype, tolerance);

    [Theory]
    [InlineData("v2")]
    [InlineData("v2_narrow_embedding")]
    public void Gradients_match_finite_differences(string name) => new ReferenceCase(name).CheckGradients();
}
