using MLPipelines.Encoders;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Encoders;

public sealed class GauAlphaEncoderTests
{
    [Theory]
    [InlineData("gau_softmax_plus", ScalarType.Float64, 1e-9)]
    [InlineData("gau_softmax_plus", ScalarType.Float32, 2e-5)]
    [InlineData("gau_softmax_plus", ScalarType.BFloat16, 0.2)]
    [InlineData("gau_softmax_plus_at_least_16", ScalarType.Float64, 1e-9)]
    [InlineData("gau_softmax", ScalarType.Float64, 1e-9)]
    [InlineData("gau_squared_relu", ScalarType.Float64, 1e-9)]
    [InlineData("gau_squared_relu", ScalarType.Float32, 2e-5)]
    [InlineData("gau_squared_relu_512", ScalarType.Float64, 1e-9)]
    [InlineData("gau_with_biases", ScalarType.Float64, 1e-9)]
    public void Results_match_the_reference(string name, ScalarType dtype, double tolerance) => new ReferenceCase(name).Check(dtype, tolerance);

    [Theory]
    [InlineData("gau_softmax_plus")]
    [InlineData("gau_softmax")]
    [InlineData("gau_squared_relu")]
    [InlineData("gau_squared_relu_512")]
    [InlineData("gau_with_biases")]
    public void Gradients_match_finite_differences(string name) => new ReferenceCase(name).CheckGradients();
}
