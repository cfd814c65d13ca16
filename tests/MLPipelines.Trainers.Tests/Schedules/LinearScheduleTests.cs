using MLPipelines.Testing;
using MLPipelines.Trainers.Schedules;
using Xunit;

namespace MLPipelines.Trainers.Tests.Schedules;

[ContractOf(typeof(LinearSchedule))]
public sealed class LinearScheduleContract : ScheduleContractTests
{
    protected override ScheduleContractCase Case => new(new LinearSchedule(), [(0, 100, 0.1), (9, 100, 1), (10, 100, 1), (55, 100, 0.5), (99, 100, 1 / 90.0)]);
}

public sealed class LinearScheduleTests
{
    [Fact]
    public void Rises_then_falls_as_computed_by_hand()
    {
        var schedule = new LinearSchedule(new() { WarmUpRatio = 0.2 });
        double[] expected = [0.5, 1, 1, 7 / 8.0, 6 / 8.0, 5 / 8.0, 4 / 8.0, 3 / 8.0, 2 / 8.0, 1 / 8.0];
        Assertions.Close(expected, [.. Enumerable.Range(0, 10).Select(i => schedule.Factor(i, 10))], 1e-15);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(1.0)]
    public void Stays_above_zero_and_reaches_one(double ratio)
    {
        foreach (var steps in new[] { 1, 2, 3, 17, 1000 })
        {
            var factors = Enumerable.Range(0, steps).Select(i => new LinearSchedule(new() { WarmUpRatio = ratio }).Factor(i, steps)).ToList();
            Assert.All(factors, f => Assert.InRange(f, 1e-9, 1));
            Assert.Equal(1, factors.Max());
        }
    }

    [Fact]
    public void Refuses_ratios_and_steps_out_of_range()
    {
        var error = Assert.Throws<ArgumentException>(() => new LinearSchedule(new() { WarmUpRatio = 1.5 }));
        Assert.Contains("schedule.linear.v1", error.Message, StringComparison.Ordinal);
        Assert.Contains("WarmUpRatio", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule().Factor(10, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule().Factor(-1, 10));
    }
}
