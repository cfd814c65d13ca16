using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class ModuleTests
{
    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Linear inner = nn.Linear(2, 2);

        [ComponentName(Name = "LayerNorm")]
        private readonly LayerNorm norm = nn.LayerNorm(2);

        [ComponentName(Name = "scale")]
        private readonly Parameter factor = nn.Parameter(ones(1));

        private readonly Tensor offset = zeros(1);

        public Block() : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input) => norm.call(inner.call(input)) * factor + offset;
    }

    private sealed class Net : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly ModuleList<Block> layer;

        [ComponentName(Name = "head")]
        private readonly Sequential last;

        public Net(int depth) : base(nameof(Net))
        {
            layer = new ModuleList<Block>([.. Enumerable.Range(0, depth).Select(_ => new Block())]);
            last = nn.Sequential(("dense", nn.Linear(2, 3)), ("act", nn.Tanh()));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input, Tensor bias)
        {
            foreach (var block in layer) input = block.call(input);
            return last.call(input) + bias;
        }
    }

    [Fact]
    public void Components_are_named_after_their_fields_or_attributes()
    {
        using var net = new Net(2);
        string[] expected =
        [
            "layer.0.scale", "layer.0.inner.weight", "layer.0.inner.bias", "layer.0.LayerNorm.weight", "layer.0.LayerNorm.bias",
            "layer.1.scale", "layer.1.inner.weight", "layer.1.inner.bias", "layer.1.LayerNorm.weight", "layer.1.LayerNorm.bias",
            "head.dense.weight", "head.dense.bias",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), net.named_parameters().Select(item => item.name).Order(StringComparer.Ordinal));
        Assert.Equal(expected.Concat(["layer.0.offset", "layer.1.offset"]).Order(StringComparer.Ordinal), net.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["layer.0.offset", "layer.1.offset"], net.named_buffers().Select(item => item.name));
        Assert.Equal(["layer", "head"], net.named_children().Select(item => item.name));
        Assert.Contains("layer.1.LayerNorm", net.named_modules().Select(item => item.name));
        Assert.Equal([2, 2], net.get_parameter("layer.1.inner.weight").shape);
        Assert.True(net.has_parameter("head.dense.bias"));
        Assert.False(net.has_parameter("head.dense.nothing"));
        Assert.Equal([1], net.get_buffer("layer.0.offset").shape);
    }

    [Fact]
    public void Modules_with_two_inputs_compute()
    {
        using var net = new Net(1);
        Expect.Shape(net.call(ones(4, 2), ones(3)), 4, 3);
    }

    [Fact]
    public void A_state_dictionary_carries_over_to_another_module()
    {
        using var scope = NewDisposeScope();
        using var a = new Net(2);
        using var b = new Net(2);
        var (x, bias) = (ones(1, 2), zeros(3));
        using (no_grad())
        {
            foreach (var parameter in a.parameters()) parameter.uniform_(-1, 1);
        }
        Assert.False(a.call(x, bias).allclose(b.call(x, bias)));
        var (missing, unexpected) = b.load_state_dict(a.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.True(a.call(x, bias).allclose(b.call(x, bias)));
    }

    [Fact]
    public void A_state_dictionary_must_fit()
    {
        using var a = new Net(1);
        using var b = new Net(2);
        Assert.Throws<InvalidOperationException>(() => b.load_state_dict(a.state_dict()));
        var (missing, unexpected) = b.load_state_dict(a.state_dict(), strict: false);
        Assert.Equal(6, missing.Count);
        Assert.Empty(unexpected);
        Assert.Throws<InvalidOperationException>(() => a.load_state_dict(b.state_dict()));
    }

    [Fact]
    public void Training_and_evaluation_reach_every_module()
    {
        using var net = new Net(1);
        Assert.True(net.training);
        net.eval();
        Assert.False(net.training);
        Assert.All(net.layerModules(), module => Assert.False(module.training));
        net.train();
        Assert.All(net.layerModules(), module => Assert.True(module.training));
    }

    [Fact]
    public void Dropout_works_in_training_only()
    {
        using var dropout = nn.Dropout(0.5);
        var x = ones(1000);
        var dropped = dropout.call(x);
        Assert.InRange(dropped.eq(0).sum().item<long>(), 400, 600);
        Assert.Equal(2, dropped.max().item<float>());
        dropout.eval();
        Assert.True(dropout.call(x).Equals(x));
    }

    [Fact]
    public void Changing_the_type_changes_parameters_buffers_and_fields()
    {
        using var net = new Net(1);
        net.to(float64);
        Assert.All(net.state_dict().Values, value => Assert.Equal(ScalarType.Float64, value.dtype));
        Assert.Equal(ScalarType.Float64, net.call(ones(1, 2, dtype: float64), zeros(3, dtype: float64)).dtype);
        Assert.All(net.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
        Assert.Throws<ArgumentException>(() => net.to(int64));
        net.bfloat16();
        Assert.Equal(ScalarType.BFloat16, net.call(ones(1, 2, dtype: bfloat16), zeros(3, dtype: bfloat16)).dtype);
    }

    [Fact]
    public void Gradients_reach_every_parameter_and_can_be_cleared()
    {
        using var net = new Net(2);
        net.call(ones(1, 2), zeros(3)).sum().backward();
        Assert.All(net.parameters(), parameter => Assert.NotNull(parameter.grad));
        net.zero_grad();
        Assert.All(net.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Hooks_see_and_change_calls()
    {
        using var linear = nn.Linear(2, 2);
        var calls = 0;
        var hook = linear.register_forward_hook((_, _, output) =>
        {
            calls++;
            return output * 0;
        });
        Expect.Equal(linear.call(ones(1, 2)), 0, 0);
        hook.remove();
        linear.call(ones(1, 2));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Apply_visits_the_children_first()
    {
        using var net = new Net(1);
        var visited = new List<string>();
        net.apply(module => visited.Add(module.GetType().Name));
        Assert.Equal("Net", visited[^1]);
        Assert.Contains("Block", visited);
        Assert.Contains("LayerNorm", visited);
    }

    [Fact]
    public void Parts_register_under_one_name_only()
    {
        using var linear = nn.Linear(2, 2);
        Assert.Throws<InvalidOperationException>(() => linear.register_parameter("weight", nn.Parameter(ones(1))));
        Assert.Throws<ArgumentException>(() => linear.register_module("a.b", nn.Identity()));
        Assert.Throws<ArgumentNullException>(() => linear.register_buffer("none", null!));
        linear.register_buffer("extra", ones(1));
        linear.register_buffer("hidden", ones(1), persistent: false);
        Assert.Contains("extra", linear.state_dict().Keys);
        Assert.DoesNotContain("hidden", linear.state_dict().Keys);
    }

    [Fact]
    public void Disposing_a_module_disposes_its_parameters()
    {
        var net = new Net(1);
        var parameters = net.parameters().ToList();
        net.Dispose();
        Assert.All(parameters, parameter => Assert.True(parameter.IsInvalid));
    }
}

internal static class ModuleTestExtensions
{
    internal static IEnumerable<nn.Module> layerModules(this nn.Module module) => module.modules().Where(child => child is not Sequential);
}
