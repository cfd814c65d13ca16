using MLPipelines.Testing;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Tests.Training;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Steps;

[ContractOf(typeof(Mixup))]
public sealed class MixupContract : TrainingStepContractTests
{
    protected override TrainingStepContractCase Case => new(() => new Mixup(new() { Alpha = 1 }), () => new Mixup(new() { Alpha = 0 }));
}

public sealed class MixupTests
{
    static TrainingBatch Mixed(double alpha, ulong seed, int rows = 64)
    {
        using var generator = new Generator(seed);
        using var task = new ToyTask(generator);
        var batch = task.CreateBatch([.. Enumerable.Range(0, rows)]);
        TrainingBatch? seen = null;
        var context = TestContext.Of(task, generator, task, batch);
        new Mixup(new() { Alpha = alpha }).ComputeLoss(context, c =>
        {
            seen = c.Batch;
            return zeros(1);
        });
        Assert.Same(batch, context.Batch);
        return seen!;
    }

    [Fact]
    public void Targets_and_features_are_blended_with_the_same_partners_and_shares()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var task = new ToyTask(generator);
        var plain = task.CreateBatch([.. Enumerable.Range(0, 64)]);
        var mixed = Mixed(0.5, 1);
        var (partners, shares) = (mixed.Mixture!.Partners.data<long>().ToArray(), mixed.Mixture.Weights.Doubles());
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (long)i), partners.Order());
        Assert.All(shares, share => Assert.InRange(share, 0, 1));

        var (given, blended) = (plain.Targets.to(ScalarType.Float32).Doubles(), mixed.Targets.Doubles());
        var features = randn([64, 3], generator: generator);
        var (x, mixedFeatures) = (features.Doubles(), mixed.Mixture.Apply(features).Doubles());
        for (var row = 0; row < 64; row++)
        {
            for (var c = 0; c < ToyTask.Classes; c++)
                Assert.Equal(shares[row] * given[row * ToyTask.Classes + c] + (1 - shares[row]) * given[partners[row] * ToyTask.Classes + c], blended[row * ToyTask.Classes + c], 1e-6);
            for (var k = 0; k < 3; k++) Assert.Equal(shares[row] * x[row * 3 + k] + (1 - shares[row]) * x[partners[row] * 3 + k], mixedFeatures[row * 3 + k], 1e-5);
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void Shares_have_the_mean_and_the_variance_of_the_beta_distribution(double alpha)
    {
        using var scope = NewDisposeScope();
        var shares = Enumerable.Range(0, 40).SelectMany(seed => Mixed(alpha, (ulong)seed).Mixture!.Weights.Doubles()).ToList();
        var mean = shares.Average();
        Assert.Equal(0.5, mean, 0.03);
        Assert.Equal(1 / (4 * (2 * alpha + 1)), shares.Average(share => (share - mean) * (share - mean)), 0.02);
    }
}
