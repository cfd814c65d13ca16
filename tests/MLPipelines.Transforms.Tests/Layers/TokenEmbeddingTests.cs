using MLPipelines.Layers;
using MLPipelines.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

[Collection(ContractCollection.Name)]
public sealed class TokenEmbeddingTests
{
    [Fact]
    public void A_table_looks_rows_up_and_gets_a_gradient_of_the_rows_in_use()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        foreach (var sparse in new[] { false, true })
        {
            using var table = TokenEmbedding.Create(6, 3, sparse, ParameterFactory.Normal(generator));
            Assert.Equal([6, 3], table.state_dict()["weight"].shape);
            var rows = table.call(tensor(new long[] { 4, 0, 4 }));
            Assert.Equal(0, Golden.Distance(table.state_dict()["weight"].detach().index_select(0, tensor(new long[] { 4, 0, 4 })), rows.detach()));
            rows.sum().backward();
            var gradient = table.parameters().Single().grad!;
            Assert.Equal(sparse, gradient.is_sparse);
            Assert.Equal([1, 0, 0, 0, 2, 0], (sparse ? gradient.to_dense() : gradient).select(1, 0).contiguous().data<float>().ToArray());
        }
    }

    [Fact]
    public void Random_numbers_of_other_threads_are_not_drawn_twice()
    {
        using var done = new CancellationTokenSource();
        var drawn = new HashSet<long>();
        var twice = 0;
        var other = new Thread(() =>
        {
            using var shared = Generator.Default;
            while (!done.IsCancellationRequested || drawn.Count < 100)
            {
                using var number = randint(0, long.MaxValue, [1], ScalarType.Int64, CPU, generator: shared);
                if (!drawn.Add(number.ReadCpuInt64(0))) twice++;
            }
        });
        other.Start();
        for (var i = 0; i < 300; i++) TokenEmbedding.Create(200, 16, sparse: false, ParameterFactory.Normal(null)).Dispose();
        done.Cancel();
        other.Join();
        Assert.Equal(0, twice);
    }

    [Fact]
    public void Nothing_is_drawn_from_the_generator_that_all_share()
    {
        using var shared = Generator.Default;
        using var before = shared.get_state();
        TokenEmbedding.Create(200, 16, sparse: true, ParameterFactory.Normal(null)).Dispose();
        using var after = shared.get_state();
        Assert.True(before.Equals(after));
    }
}
