using MLPipelines.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class EfficientGlobalPointerHeadTests
{
    [Fact]
    public void A_further_type_costs_four_times_the_head_size()
    {
        static long Parameters(nn.Module module) => module.parameters().Sum(p => p.numel());
        using var few = new EfficientGlobalPointerHead(64, 10, 9, new() { HeadSize = 16 });
        using var more = new EfficientGlobalPointerHead(64, 11, 9, new() { HeadSize = 16 });
        using var plain = new GlobalPointerHead(64, 10, 9, new() { HeadSize = 16 });
        using var plainMore = new GlobalPointerHead(64, 11, 9, new() { HeadSize = 16 });
        Assert.Equal(4 * 16 + 2, Parameters(more) - Parameters(few)); // two rows of weights and two biases
        Assert.Equal(2 * 16 * 64 + 2 * 16, Parameters(plainMore) - Parameters(plain));
    }

    [Fact]
    public void Types_differ_by_a_sum_of_what_the_first_and_the_last_token_say()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using var head = new EfficientGlobalPointerHead(8, 2, 6, new() { HeadSize = 4 }, generator);
        var difference = head.call(randn([1, 6, 8], generator: generator)); // [1, 2, 6, 6]
        var d = difference.select(1, 0).sub(difference.select(1, 1)).squeeze(0); // [6, 6] of rank: f(i) + g(j)
        var mixed = d.sub(d.narrow(0, 0, 1)).sub(d.narrow(1, 0, 1)).add(d[0, 0]);
        Assert.InRange(mixed.abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void Odd_widths_are_refused()
        => Assert.Contains("must be even, found 7", Assert.Throws<ArgumentException>(() => new EfficientGlobalPointerHead(16, 3, 9, new() { HeadSize = 7 })).Message, StringComparison.Ordinal);
}
