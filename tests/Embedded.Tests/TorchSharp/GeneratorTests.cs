using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

[Collection(NativeMemoryCollection.Name)]
public sealed class GeneratorTests
{
    private static float[] Draw(Generator generator, int count = 4) => rand(count, generator: generator).data<float>().ToArray();

    [Fact]
    public void Equal_seeds_give_equal_streams()
    {
        using var a = new Generator(123);
        using var b = new Generator(123);
        using var c = new Generator(124);
        Assert.Equal(Draw(a), Draw(b));
        Assert.Equal(Draw(a), Draw(b));
        Assert.NotEqual(Draw(a), Draw(c));
        Assert.Equal(123, a.initial_seed());
    }

    [Fact]
    public void The_stream_is_libtorchs()
    {
        // torch.manual_seed(0); torch.rand(3) in PyTorch.
        using var generator = new Generator(0);
        Expect.Close(rand(3, generator: generator), 1e-4, 0.4963, 0.7682, 0.0885);
    }

    [Fact]
    public void The_state_can_be_kept_and_put_back()
    {
        using var generator = new Generator(1);
        Draw(generator);
        using var state = generator.get_state();
        var first = Draw(generator);
        generator.set_state(state);
        Assert.Equal(first, Draw(generator));
        using var other = new Generator(2);
        other.set_state(state);
        Assert.Equal(first, Draw(other));
        generator.manual_seed(1);
        using var fresh = new Generator(1);
        Assert.Equal(Draw(fresh), Draw(generator));
    }

    [Fact]
    public void An_own_generator_leaves_the_global_one_alone()
    {
        using var before = Generator.Default.get_state();
        using var generator = new Generator(5);
        Draw(generator);
        randperm(10, generator: generator);
        zeros(3).normal_(0, 1, generator).uniform_(0, 1, generator).bernoulli_(0.5, generator);
        using var after = Generator.Default.get_state();
        Assert.True(before.Equals(after));
    }

    [Fact]
    public void The_global_stream_can_be_seeded()
    {
        using var before = torch.random.get_rng_state();
        try
        {
            torch.manual_seed(9);
            using var a = rand(3);
            torch.random.manual_seed(9);
            using var b = rand(3);
            Assert.True(a.Equals(b));
        }
        finally
        {
            torch.random.set_rng_state(before);
        }
    }

    [Fact]
    public void Draws_follow_their_distributions()
    {
        using var generator = new Generator(11);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), randperm(20, generator: generator).data<long>().ToArray().Order());
        var integers = randint(3, 6, [1000], generator: generator);
        Assert.Equal(3, integers.min().item<long>());
        Assert.Equal(5, integers.max().item<long>());
        Assert.Equal(0.3, zeros(10000).bernoulli_(0.3, generator).mean().ToDouble(), 0.03);
        var normal = zeros(10000).normal_(2, 3, generator);
        Assert.Equal(2, normal.mean().ToDouble(), 0.15);
        Assert.Equal(3, normal.std().ToDouble(), 0.15);
        var uniform = zeros(10000).uniform_(-1, 1, generator);
        Assert.InRange(uniform.min().ToDouble(), -1, -0.95);
        Assert.InRange(uniform.max().ToDouble(), 0.95, 1);
        Assert.Equal(0, randn(10000, generator: generator).mean().ToDouble(), 0.05);
        Assert.Equal(1, tensor(new[] { 0f, 1f }).multinomial(1, generator: generator).item<long>());
    }
}
