using System.Diagnostics;
using System.IO.Compression;

namespace MLPipelines.Host.Tests;

/// <summary>A training process that is killed at random moments, again and again, ends with the model that it would have made undisturbed.</summary>
public abstract class KillTests : IDisposable
{
    private const int Kills = 5;
    private const int Killed = 128 + 9;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-kill-").FullName;

    protected abstract string TaskName { get; }

    /// <summary>The sample data of the task: the beginning of the file names.</summary>
    protected abstract string Data { get; }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Killed_at_random_moments_the_model_is_the_same()
    {
        var (undisturbed, killed) = (Path.Combine(_folder, "undisturbed/model.zip"), Path.Combine(_folder, "killed/model.zip"));
        Directory.CreateDirectory(Path.GetDirectoryName(undisturbed)!);
        Directory.CreateDirectory(Path.GetDirectoryName(killed)!);
        var watch = Stopwatch.StartNew();
        (await Run([.. Arguments(undisturbed), "--quiet"])).Succeeded();
        var whole = watch.Elapsed;

        var random = new Random();
        for (var i = 0; i < Kills; i++)
        {
            var run = await Run([.. Arguments(killed), .. i == 0 ? (string[])[] : ["--resume"]], whole * (0.1 + 0.7 * random.NextDouble()));
            Assert.True(run.Code is 0 or Killed, $"{run.Command} ended with {run.Code}:\n{run.Error}");
        }

        (await Run([.. Arguments(killed), "--resume", "--quiet"])).Succeeded();
        Assert.Equal(Weights(undisturbed), Weights(killed));
        Assert.False(Directory.Exists(killed + ".checkpoint"));
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static Task<ChildProcess> Run(string[] args, TimeSpan? kill = null) => ChildProcess.Run("dotnet", [ChildProcess.Tool, .. args], kill: kill);

    private string[] Arguments(string model) =>
    [
        "train", TaskName, "--train", Sample("train"), "--valid", Sample("valid"), "--out", model, "--layers", "1", "--hidden", "32", "--heads", "2",
        "--epochs", "12", "--batch", "16", "--lr", "3e-3", "--seed", "1", "--dropout", "0.2", "--threads", "1", "--device", "cpu", "--checkpoint-seconds", "0", "--ema", "0.9",
    ];

    private string Sample(string part) => Path.Combine(Repository.Root, "samples/data", $"{Data}{part}.jsonl");

    private static byte[] Weights(string model)
    {
        using var zip = ZipFile.OpenRead(model);
        using var stream = zip.Entries.Single(entry => entry.Name == "weights.safetensors").Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [StartsProcesses]
    public sealed class OfMultiLabel : KillTests
    {
        protected override string TaskName => "multilabel";

        protected override string Data => "moods.";
    }

    [StartsProcesses]
    public sealed class OfSpans : KillTests
    {
        protected override string TaskName => "ner";

        protected override string Data => "";
    }
}
