using MLPipelines.Trainers.Optimizers;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Optimizers;

public sealed class ParameterGroupTests
{
    static nn.Module Model() => nn.Sequential(
        ("embeddings", nn.Sequential(("words", nn.Embedding(9, 4)), ("norm", nn.LayerNorm(4)))),
        ("layer", nn.Sequential(("0", nn.Sequential(("dense", nn.Linear(4, 4)))), ("1", nn.Sequential(("dense", nn.Linear(4, 4)), ("norm", nn.LayerNorm(4)))))),
        ("head", nn.Linear(4, 2)));

    static Dictionary<string, ParameterGroup> ByName(nn.Module module, double weightDecay, ParameterRates? rates = null) =>
        ParameterGroup.Split(module, weightDecay, rates).SelectMany(g => g.Parameters.Select(p => (p.Name, Group: g))).ToDictionary(p => p.Name, p => p.Group);

    [Fact]
    public void Role_follows_from_the_module_and_decides_decay()
    {
        using var module = Model();
        var groups = ByName(module, 0.5);

        Assert.Equal(module.named_parameters().Select(p => p.name).Order(), groups.Keys.Order());
        Assert.Equal((ParameterRole.Embedding, 0.5), (groups["embeddings.words.weight"].Role, groups["embeddings.words.weight"].WeightDecay));
        Assert.Equal((ParameterRole.Matrix, 0.5), (groups["layer.0.dense.weight"].Role, groups["layer.0.dense.weight"].WeightDecay));
        Assert.Equal((ParameterRole.Bias, 0.0), (groups["layer.0.dense.bias"].Role, groups["layer.0.dense.bias"].WeightDecay));
        Assert.Equal((ParameterRole.Gain, 0.0), (groups["layer.1.norm.weight"].Role, groups["layer.1.norm.weight"].WeightDecay));
        Assert.Equal((ParameterRole.Bias, 0.0), (groups["layer.1.norm.bias"].Role, groups["layer.1.norm.bias"].WeightDecay));
        Assert.Equal(4, groups.Values.Distinct().Count());
        Assert.All(groups.Values, g => Assert.Equal(1, g.RateFactor));
    }

    [Fact]
    public void Rate_falls_from_layer_to_layer_down_to_the_embeddings()
    {
        using var module = Model();
        var groups = ByName(module, 0, new() { LayerDecay = 0.5 });

        Assert.Equal(1, groups["head.weight"].RateFactor);
        Assert.Equal(0.5, groups["layer.1.dense.weight"].RateFactor);
        Assert.Equal(0.5, groups["layer.1.norm.bias"].RateFactor);
        Assert.Equal(0.25, groups["layer.0.dense.weight"].RateFactor);
        Assert.Equal(0.125, groups["embeddings.words.weight"].RateFactor);
        Assert.Equal(0.125, groups["embeddings.norm.weight"].RateFactor);
    }

    [Fact]
    public void What_maps_embeddings_to_the_width_of_the_layers_is_as_deep_as_the_table()
    {
        using var module = nn.Sequential(("embeddings_project", nn.Linear(2, 4)), ("layer", nn.Sequential(("0", nn.Linear(4, 4)))));
        Assert.Equal(0.25, ByName(module, 0, new() { LayerDecay = 0.5 })["embeddings_project.weight"].RateFactor);
    }

    [Fact]
    public void First_rule_that_fits_a_name_counts_beside_layer_decay()
    {
        using var module = Model();
        var rates = new ParameterRates
        {
            LayerDecay = 0.5,
            Rules = [new() { Names = "head.*", RateFactor = 10, WeightDecay = 0.1 }, new() { Names = "*.bias", RateFactor = 3 }, new() { Names = "layer.?.dense.weight", WeightDecay = 0 }],
        };
        var groups = ByName(module, 0.5, rates);

        Assert.Equal((10.0, 0.1), (groups["head.bias"].RateFactor, groups["head.bias"].WeightDecay));
        Assert.Equal((1.5, 0.0), (groups["layer.1.dense.bias"].RateFactor, groups["layer.1.dense.bias"].WeightDecay));
        Assert.Equal((0.25, 0.0), (groups["layer.0.dense.weight"].RateFactor, groups["layer.0.dense.weight"].WeightDecay));
        Assert.Equal((0.125, 0.5), (groups["embeddings.words.weight"].RateFactor, groups["embeddings.words.weight"].WeightDecay));
    }

    [Fact]
    public void Rule_that_fits_nothing_is_an_error_that_lists_names()
    {
        using var module = Model();
        var error = Assert.Throws<ArgumentException>(() => ParameterGroup.Split(module, 0, new() { Rules = [new() { Names = "haed.*" }] }));
        Assert.StartsWith("MLP220: no parameter has a name like 'haed.*'. Expected: 'embeddings.words.weight'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layer_decay_without_layers_is_an_error()
    {
        using var module = nn.Linear(2, 2);
        Assert.StartsWith("MLP221:", Assert.Throws<ArgumentException>(() => ParameterGroup.Split(module, 0, new() { LayerDecay = 0.9 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frozen_parameters_belong_to_no_group()
    {
        using var module = nn.Linear(2, 2);
        foreach (var parameter in module.parameters()) parameter.requires_grad = false;
        Assert.Empty(ParameterGroup.Split(module, 0));
    }
}
