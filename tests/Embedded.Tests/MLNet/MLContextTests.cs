using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Embedded.Tests;

public sealed class MLContextTests
{
    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    [Fact]
    public void Messages_of_components_reach_the_log()
    {
        var ml = new MLContext();
        var messages = new List<LoggingEventArgs>();
        ml.Log += (sender, args) =>
        {
            Assert.Same(ml, sender);
            lock (messages)
                messages.Add(args);
        };
        ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(ml.Data.LoadFromEnumerable<Row>([]));

        var warning = Assert.Single(messages, message => message.Kind == ChannelMessageKind.Warning);
        Assert.Contains("'Key'", warning.RawMessage);
        Assert.Contains("Training", warning.Source);
        Assert.Equal($"[Source={warning.Source}, Kind=Warning] {warning.RawMessage}", warning.Message);
        Assert.Contains(messages, message => message.RawMessage == "Channel started" && message.Kind == ChannelMessageKind.Trace);
        Assert.Contains(messages, message => message.RawMessage.StartsWith("Channel finished. Elapsed ", StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_are_kept()
    {
        var ml = new MLContext { TempFilePath = "/somewhere", GpuDeviceId = 1, FallbackToCpu = true };

        Assert.Equal(("/somewhere", 1, true), (ml.TempFilePath, ml.GpuDeviceId, ml.FallbackToCpu));
        Assert.Equal((Path.GetTempPath(), null, false), (new MLContext().TempFilePath, new MLContext().GpuDeviceId, new MLContext().FallbackToCpu));
        Assert.NotNull(ml.ComponentCatalog);
    }

    [Fact]
    public void Options_are_kept_by_name()
    {
        var ml = new MLContext();

        Assert.True(ml.TryAddOption("a", 1));
        Assert.False(ml.TryAddOption("a", 2));
        Assert.True(ml.TryGetOption("a", out int value));
        Assert.Equal(1, value);
        Assert.False(ml.TryGetOption("a", out string _));
        ml.SetOption("a", 3);
        Assert.Equal(3, ml.GetOptionOrDefault<int>("a"));
        Assert.Equal(0, ml.GetOptionOrDefault<int>("b"));
        Assert.True(ml.RemoveOption("a"));
        Assert.False(ml.RemoveOption("a"));
        Assert.Throws<ArgumentNullException>(() => ml.SetOption(" ", 1));
    }
}
