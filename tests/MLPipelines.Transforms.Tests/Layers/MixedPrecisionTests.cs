using MLPipelines.Layers;
using MLPipelines.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

[Collection(ContractCollection.Name)]
public sealed class MixedPrecisionTests
{
    static (Tensor Input, Tensor Weight, Tensor Bias) Operands(ScalarType type)
    {
        var generator = new Generator(1);
        return (randn([6, 5, 32], generator: generator).to(type), randn([16, 32], generator: generator).to(type), randn([16], generator: generator).to(type));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Result_has_the_type_of_the_input_and_bfloat16_accuracy(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = Operands(type);
        var exact = nn.functional.linear(input, weight, bias);
        var narrow = MixedPrecision.Linear(input, weight, bias, ScalarType.BFloat16);
        Assert.Equal(type, narrow.dtype);
        var error = narrow.sub(exact).abs().max().ToDouble();
        Assert.InRange(error, 1e-6, exact.abs().max().ToDouble() / 64); // eight bits of mantissa, and a sum over 32 products
        Assert.Equal(0, MixedPrecision.Linear(input, weight, bias, null).sub(exact).abs().max().ToDouble());
    }

    [Fact]
    public void Gradients_come_back_in_the_type_of_the_parameters()
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = Operands(ScalarType.Float32);
        foreach (var operand in new[] { input, weight, bias }) operand.requires_grad_();
        MixedPrecision.Linear(input, weight, bias, ScalarType.BFloat16).square().sum().backward();
        var narrow = new[] { input, weight, bias }.Select(operand => operand.grad!.clone()).ToList();
        foreach (var operand in new[] { input, weight, bias }) operand.grad = null;
        nn.functional.linear(input, weight, bias).square().sum().backward();
        foreach (var (actual, exact) in narrow.Zip(new[] { input, weight, bias }.Select(operand => operand.grad!)))
        {
            Assert.Equal(ScalarType.Float32, actual.dtype);
            Assert.InRange(actual.sub(exact).norm().ToDouble() / exact.norm().ToDouble(), 0, 0.02);
        }
    }

    [Fact]
    public void Every_layer_of_a_module_is_set_and_reset()
    {
        using var generator = new Generator(1);
        using var module = nn.Sequential(("first", new Dense(4, 4, generator)), ("inner", nn.Sequential(("second", new Dense(4, 4, generator)))), ("plain", nn.Linear(4, 4)));
        var layers = module.modules().OfType<IMixedPrecision>().ToList();
        Assert.Equal(2, layers.Count);
        MixedPrecision.Set(module, ScalarType.BFloat16);
        Assert.All(layers, layer => Assert.Equal(ScalarType.BFloat16, layer.ComputeType));
        MixedPrecision.Set(module, null);
        Assert.All(layers, layer => Assert.Null(layer.ComputeType));

        using var alone = new Dense(2, 2, generator);
        MixedPrecision.Set(alone, ScalarType.BFloat16);
        Assert.Equal(ScalarType.BFloat16, alone.ComputeType);
    }

    [Fact]
    public void Casts_are_freed()
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = Operands(ScalarType.Float32);
        NativeMemory.RequireNoLeak("a narrow product", 50, () => MixedPrecision.Linear(input, weight, bias, ScalarType.BFloat16).Dispose());
    }
}
