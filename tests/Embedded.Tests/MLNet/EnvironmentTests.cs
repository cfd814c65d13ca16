using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Embedded.Tests;

public sealed class EnvironmentTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<LoggingEventArgs> _log = [];

    public EnvironmentTests() => _ml.Log += (_, message) => _log.Add(message);

    private IHostEnvironment Environment => _ml;

    [Fact]
    public void Messages_reach_the_log()
    {
        using (var channel = Environment.Register("Component").Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 2, 5);
            channel.Warning(MessageSensitivity.None, "braces {are} kept");
            channel.Error(MessageSensitivity.UserData, "bad");
            channel.Trace(MessageSensitivity.None, "detail");
        }
        var mine = _log.Where(message => !message.RawMessage.StartsWith("Channel ", StringComparison.Ordinal)).ToList();
        Assert.Equal(["epoch 2 of 5", "braces {are} kept", "bad", "detail"], mine.Select(message => message.RawMessage));
        Assert.Equal(
            [ChannelMessageKind.Info, ChannelMessageKind.Warning, ChannelMessageKind.Error, ChannelMessageKind.Trace], mine.Select(message => message.Kind));
        Assert.All(mine, message => Assert.Equal("Component; Training", message.Source));
        Assert.Equal("[Source=Component; Training, Kind=Info] epoch 2 of 5", mine[0].Message);
        Assert.Equal("Channel started", _log[0].RawMessage);
        Assert.Equal("Channel disposed", _log[^1].RawMessage);
    }

    [Fact]
    public void Progress_is_checked()
    {
        using var progress = Environment.StartProgressChannel("Training");
        progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => entry.SetProgress(0, 1, 5));
        progress.Checkpoint(0.5, 1, 5);
        progress.Checkpoint(null, 2);
        Assert.Throws<InvalidOperationException>(() => progress.Checkpoint(1, 2, 3, 4));
        using var inner = progress.StartProgressChannel("Inner");
        inner.SetHeader(new ProgressHeader("rows"), entry => entry.SetProgress(0, 1));
        inner.Checkpoint(1);
    }

    [Fact]
    public void Seeds_fix_the_random_numbers_of_hosts()
    {
        static int[] Draw(IHostEnvironment environment, int? seed = null)
        {
            var random = environment.Register("Component", seed).Rand;
            return [.. Enumerable.Range(0, 5).Select(_ => random.Next(1000))];
        }

        Assert.Equal(Draw(new MLContext(5)), Draw(new MLContext(5)));
        Assert.NotEqual(Draw(new MLContext(5)), Draw(new MLContext(6)));
        Assert.Equal(Draw(new MLContext(5), 7), Draw(new MLContext(6), 7));
        Assert.NotEqual(Draw(Environment), Draw(Environment));
        // Measured with ML.NET 5.0.0: the generator is the same one.
        Assert.Equal([595, 588, 753, 967, 929], Draw(Environment, 42));
    }

    [Fact]
    public void Assemblies_may_be_registered_again_and_from_many_threads()
    {
        var assembly = typeof(MLContext).Assembly;
        var errors = new ConcurrentQueue<Exception>();
        Parallel.For(0, 16, _ =>
        {
            try
            {
                _ml.ComponentCatalog.RegisterAssembly(assembly);
                _ml.ComponentCatalog.RegisterAssembly(typeof(EnvironmentTests).Assembly);
            }
            catch (InvalidOperationException error)
            {
                errors.Enqueue(error);
            }
        });
        Assert.Empty(errors);
    }

    [Fact]
    public void One_context_loads_models_on_many_threads()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new { A = 1f } });
        using var file = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("B", "A").Fit(data), data.Schema, file);
        var fresh = new MLContext();
        Parallel.For(0, 16, _ =>
        {
            var model = fresh.Model.Load(new MemoryStream(file.ToArray()), out var schema);
            Assert.NotNull(model.GetOutputSchema(schema).GetColumnOrNull("B"));
        });
    }
}
