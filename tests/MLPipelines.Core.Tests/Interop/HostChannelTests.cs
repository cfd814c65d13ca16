using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Interop;
using Xunit;

namespace MLPipelines.Core.Tests.Interop;

public sealed class HostChannelTests
{
    [Fact]
    public void Messages_reach_the_log_as_they_are()
    {
        var ml = new MLContext(seed: 1);
        var log = new List<LoggingEventArgs>();
        ml.Log += (_, message) => log.Add(message);

        using (var channel = HostChannel.Open(ml, "GlobalPointer", "Training"))
        {
            channel.Info("epoch {0} of 3, 50 %");
            channel.Warning("look here");
            channel.Trace("details");
            channel.Info("");
        }

        var mine = log.Where(message => message.Source.Contains("GlobalPointer; Training", StringComparison.Ordinal)).ToList();
        Assert.Contains(mine, message => message.RawMessage == "epoch {0} of 3, 50 %" && message.Kind == ChannelMessageKind.Info);
        Assert.Contains(mine, message => message.RawMessage == "look here" && message.Kind == ChannelMessageKind.Warning);
        Assert.Contains(mine, message => message.RawMessage == "details" && message.Kind == ChannelMessageKind.Trace);
        Assert.DoesNotContain(mine, message => message.RawMessage.Length == 0);
    }

    [Fact]
    public void Seed_is_that_of_the_context()
    {
        using var channel = HostChannel.Open(new MLContext(seed: 42), "Test", "Testing");

        Assert.Equal(42, channel.Seed);
        Assert.Equal(42, HostChannel.SeedOf(new MLContext(seed: 42)));
    }

    [Fact]
    public void Seed_is_random_in_a_context_without_one()
    {
        using var first = HostChannel.Open(new MLContext(), "Test", "Testing");
        using var second = HostChannel.Open(new MLContext(), "Test", "Testing");

        Assert.NotEqual(first.Seed, second.Seed);
        Assert.Null(HostChannel.SeedOf(new MLContext()));
    }

    [Fact]
    public void Cancellation_of_the_context_is_seen()
    {
        var ml = new MLContext();
        using var channel = HostChannel.Open(ml, "Test", "Testing");
        Assert.False(channel.IsCanceled);

        // ML.NET keeps this to itself; its AutoML calls it.
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(ml, null);

        Assert.True(channel.IsCanceled);
    }
}
