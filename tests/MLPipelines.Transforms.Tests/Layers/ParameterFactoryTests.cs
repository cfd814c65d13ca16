using MLPipelines.Layers;
using MLPipelines.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class ParameterFactoryTests
{
    // What the cut at 2σ leaves of a normal's standard deviation.
    const double Kept = 0.8796256610342398;

    [Theory]
    [InlineData(12, 2, 300, 200, 200)] // a map: as wide as its input
    [InlineData(24, 3, 300, 200, 200)]
    [InlineData(12, 2, 300, 4, 300)] // a map of very few inputs: its output
    [InlineData(12, 2, 20, 10001, 20)] // or of very many
    public void Scaled_matrices_have_the_published_spread(int layers, int order, int outputs, int inputs, int fan)
    {
        using var generator = new Generator(1);
        using var weight = ParameterFactory.Scaled(generator, layers, order).Matrix(outputs, inputs);
        Assert.Equal([outputs, inputs], weight.shape);
        // Keras draws with 1.1368 times the deviation wanted, which the cut takes away again.
        CheckSpread(weight, Math.Pow(layers, -1.0 / order) / Math.Sqrt(fan));
    }

    [Theory]
    [InlineData(12000)]
    [InlineData(2000)]
    public void Scaled_tables_are_as_wide_as_their_vectors(int rows)
    {
        using var generator = new Generator(1);
        using var table = ParameterFactory.Scaled(generator, 4, order: 2).Table(rows, 16);
        CheckSpread(table, 0.5 / 4);
    }

    [Fact]
    public void Normal_matrices_have_the_spread_given_before_the_cut()
    {
        using var generator = new Generator(1);
        using var weight = ParameterFactory.Normal(generator, 0.05).Matrix(100, 100);
        CheckSpread(weight, 0.05 * Kept);
        Assert.InRange(weight.abs().max().ToDouble(), 0.09, 0.1 + 1e-6);
    }

    [Fact]
    public void On_the_meta_device_there_are_shapes_and_no_memory()
    {
        using var scope = NewDisposeScope();
        var factory = ParameterFactory.Scaled(null, 2, order: 2, META);
        using var matrix = factory.Matrix(1_000_000, 1_000_000);
        using var vector = factory.Vector(5, 1);
        using var norm = factory.Norm(5, 1e-12);
        Assert.Equal([1_000_000, 1_000_000], matrix.shape);
        Assert.All((Tensor[])[matrix, vector, .. norm.parameters()], tensor => Assert.True(tensor.is_meta));
    }

    static void CheckSpread(Tensor values, double expected)
    {
        using var scope = NewDisposeScope();
        var wide = values.detach().to(ScalarType.Float64);
        Assert.InRange(wide.std().ToDouble() / expected, 0.98, 1.02);
        Assert.InRange(Math.Abs(wide.mean().ToDouble()) / expected, 0, 0.03);
    }
}
