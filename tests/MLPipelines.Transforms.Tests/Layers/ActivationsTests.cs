using MLPipelines.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class ActivationsTests
{
    [Theory]
    [InlineData("gelu", "gelu_erf")]
    [InlineData("gelu_new", "gelu_tanh")]
    [InlineData("gelu_pytorch_tanh", "gelu_tanh")]
    [InlineData("swish", "swish")]
    [InlineData("silu", "swish")]
    public void Values_match_the_reference(string name, string reference)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden("activations.json");
        Assert.InRange(Golden.Distance(golden.Tensor(reference), Activations.Find(name)(golden.Tensor("x"))), 0, 1e-12);
    }

    [Fact]
    public void Simple_functions_are_what_they_are_called()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -1.0, 0, 2 });
        Assert.Equal([0, 0, 2], Activations.Find("relu")(x).data<double>().ToArray());
        Assert.Equal([-1, 0, 2], Activations.Find("linear")(x).data<double>().ToArray());
        Assert.Equal(Math.Tanh(2), Activations.Find("tanh")(x)[2].ToDouble(), 1e-12);
    }

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
        => Assert.Equal(
            "MLP100: there is no activation 'gleu'. Expected: one of 'gelu', 'gelu_new', 'gelu_pytorch_tanh', 'linear', 'relu', 'silu', 'swish', 'tanh'.",
            Assert.Throws<ArgumentException>(() => Activations.Find("gleu")).Message);
}
