using MLPipelines.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class NormPlacementTests
{
    [Fact]
    public void Norm_divides_by_the_root_of_the_mean_square()
    {
        using var scope = NewDisposeScope();
        using var norm = new RootMeanSquareNorm(0.5);
        var normed = norm.call(tensor(new[] { 3.0, -1.0, 0.0, 2.0 }));
        var root = Math.Sqrt((14 / 4.0) + 0.5);
        Assert.InRange(Golden.Distance(tensor(new[] { 3 / root, -1 / root, 0, 2 / root }), normed), 0, 1e-12);
        Assert.Empty(norm.state_dict());
    }

    [Fact]
    public void Norm_of_a_half_precision_is_taken_in_float32()
    {
        using var scope = NewDisposeScope();
        using var norm = new RootMeanSquareNorm(1e-12);
        var normed = norm.call(full([1, 4096], 300, ScalarType.Float16));
        Assert.Equal(ScalarType.Float16, normed.dtype);
        Assert.InRange(Golden.Distance(ones(1, 4096), normed), 0, 1e-3);
    }

    [Theory]
    [InlineData("post")]
    [InlineData("deep")]
    [InlineData("pre")]
    public void Placements_say_where_the_norm_acts(string kind)
    {
        using var scope = NewDisposeScope();
        using var norm = new RootMeanSquareNorm(0);
        INormPlacement placement = kind switch { "pre" => new PreNorm(), "deep" => new PostNorm(residualScale: 3), _ => new PostNorm() };
        var (x, branch) = (tensor(new[] { 4.0, 3.0 }), tensor(new[] { 1.0, -2.0 }));
        var root = Math.Sqrt(12.5);
        var (enter, leave) = kind switch
        {
            "pre" => (tensor(new[] { 4 / root, 3 / root }), tensor(new[] { 5.0, 1.0 })),
            "deep" => (x, norm.call(tensor(new[] { 13.0, 7.0 }))),
            _ => (x, norm.call(tensor(new[] { 5.0, 1.0 }))),
        };
        Assert.InRange(Golden.Distance(enter, placement.Enter(x, norm)), 0, 1e-12);
        Assert.InRange(Golden.Distance(leave, placement.Leave(x, branch, norm)), 0, 1e-12);
        Assert.Equal(0, Golden.Distance(tensor(new[] { 4.0, 3.0 }), x));
    }
}
