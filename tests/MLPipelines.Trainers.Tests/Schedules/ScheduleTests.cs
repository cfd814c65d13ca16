using MLPipelines.Testing;
using MLPipelines.Trainers.Schedules;
using Xunit;

namespace MLPipelines.Trainers.Tests.Schedules;

[ContractOf(typeof(ConstantSchedule))]
public sealed class ConstantScheduleContract : ScheduleContractTests
{
    protected override ScheduleContractCase Case => new(new ConstantSchedule(new() { WarmUpRatio = 0.25 }), [(0, 8, 0.5), (1, 8, 1), (7, 8, 1), (0, 1, 1)]);
}

[ContractOf(typeof(CosineSchedule))]
public sealed class CosineScheduleContract : ScheduleContractTests
{
    protected override ScheduleContractCase Case => new(new CosineSchedule(), [(0, 100, 0.1), (9, 100, 1), (10, 100, 1), (55, 100, 0.5), (40, 100, 0.75)]);
}

[ContractOf(typeof(PiecewiseLinearSchedule))]
public sealed class PiecewiseLinearScheduleContract : ScheduleContractTests
{
    protected override ScheduleContractCase Case => new(
        new PiecewiseLinearSchedule(new() { Points = [new(0.25, 1), new(0.5, 0.2), new(1, 0)], WarmUpRatio = 0.1 }),
        [(0, 100, 0.1), (9, 100, 1), (25, 100, 1), (30, 100, 0.84), (50, 100, 0.2), (75, 100, 0.1)]);
}

public sealed class ScheduleTests
{
    [Fact]
    public void Cosine_falls_to_the_final_factor()
    {
        var schedule = new CosineSchedule(new() { WarmUpRatio = 0, FinalFactor = 0.2 });
        Assert.Equal(1, schedule.Factor(0, 4));
        Assert.Equal(0.6, schedule.Factor(2, 4), 1e-12);
        Assert.Equal(0.2 + 0.8 * (1 + Math.Cos(0.75 * Math.PI)) / 2, schedule.Factor(3, 4), 1e-12);
    }

    [Fact]
    public void Seven_hundredths_of_a_hundred_steps_are_seven()
    {
        var schedule = new LinearSchedule(new() { WarmUpRatio = 0.07 });
        Assert.Equal(1, schedule.Factor(6, 100));
        Assert.True(schedule.Factor(8, 100) < 1);
    }

    [Fact]
    public void Points_in_steps_do_not_depend_on_the_length_of_the_run()
    {
        var schedule = new PiecewiseLinearSchedule(new() { Unit = PiecewiseLinearSchedule.Unit.Step, Points = [new(0, 0), new(10, 1), new(110, 0.1)] });
        double[] expected = [0, 0.1, 0.9, 1, 0.991, 0.1, 0.1];
        long[] steps = [0, 1, 9, 10, 11, 110, 500];
        foreach (var length in new[] { 501L, 100_000L }) Assertions.Close(expected, [.. steps.Select(step => schedule.Factor(step, length))], 1e-12, 1e-15);
    }

    [Fact]
    public void Schedules_warm_up_alike()
    {
        ISchedule[] schedules =
        [
            new LinearSchedule(new() { WarmUpRatio = 0.2 }), new ConstantSchedule(new() { WarmUpRatio = 0.2 }), new CosineSchedule(new() { WarmUpRatio = 0.2 }),
            new PiecewiseLinearSchedule(new() { Points = [new(0, 1)], WarmUpRatio = 0.2 }),
        ];
        foreach (var schedule in schedules)
        {
            Assertions.Close([0.25, 0.5, 0.75, 1], [.. Enumerable.Range(0, 4).Select(step => schedule.Factor(step, 20))], 1e-15);
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Factor(20, 20));
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Factor(-1, 20));
        }
    }

    [Fact]
    public void Points_that_make_no_line_are_refused_with_reasons()
    {
        static string Message(params PiecewiseLinearSchedule.Point[] points) => Assert.Throws<ArgumentException>(() => new PiecewiseLinearSchedule(new() { Points = points })).Message;
        Assert.Contains("The places of the points must rise.", Message(new(0.5, 1), new(0.5, 0)), StringComparison.Ordinal);
        Assert.Contains("At least one point must have a factor above 0.", Message(), StringComparison.Ordinal);
        Assert.Contains("At least one point must have a factor above 0.", Message(new PiecewiseLinearSchedule.Point(0, 0)), StringComparison.Ordinal);
        Assert.Contains("set Unit to Step", Message(new(0, 1), new(1000, 0)), StringComparison.Ordinal);
        Assert.Contains("Points[0].Factor", Message(new PiecewiseLinearSchedule.Point(0, 1.5)), StringComparison.Ordinal);
    }
}
