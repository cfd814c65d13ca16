using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace MLPipelines.Host.Tests;

/// <summary>A training process that is killed at random moments, again and again, ends with the model that it would have made undisturbed.</summary>
public abstract partial class KillTests : IDisposable
{
    private const int Kills = 5;
    private const int Killed = 128 + 9;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-kill-").FullName;

    /// <summary>What is trained, and from which data.</summary>
    protected abstract string[] Command { get; }

    /// <summary>The name of what is written.</summary>
    protected virtual string Name => "model.zip";

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Killed_at_random_moments_the_model_is_the_same()
    {
        var (undisturbed, killed) = (Path.Combine(_folder, "undisturbed", Name), Path.Combine(_folder, "killed", Name));
        Directory.CreateDirectory(Path.GetDirectoryName(undisturbed)!);
        Directory.CreateDirectory(Path.GetDirectoryName(killed)!);
        var watch = Stopwatch.StartNew();
        (await Run([.. Arguments(undisturbed), "--quiet"])).Succeeded();
        var whole = watch.Elapsed;

        var (random, wentOn) = (new Random(), 0);
        for (var i = 0; i < Kills || (wentOn == 0 && i < 10 * Kills); i++)
        {
            var hasState = File.Exists(Path.Combine(killed + ".checkpoint", "state.safetensors"));
            var run = await Run([.. Arguments(killed), .. i == 0 ? (string[])[] : ["--resume"]], whole * (0.2 + 0.65 * random.NextDouble()));
            Assert.True(run.Code is 0 or Killed, $"{run.Command} ended with {run.Code}:\n{run.Error}");
            if (hasState && FirstStep().Match(run.Error) is { Success: true } first)
            {
                Assert.True(int.Parse(first.Groups[1].Value, CultureInfo.InvariantCulture) > 1, $"it did not go on from the state:\n{run.Error}");
                wentOn++;
            }
        }

        Assert.True(wentOn > 0, "no run was killed after its first state");

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
        .. Command, "--out", model, "--layers", "1", "--hidden", "32", "--heads", "2", "--epochs", "12", "--batch", "16", "--lr", "3e-3", "--seed", "1", "--dropout", "0.2", "--threads", "1", "--device", "cpu", "--checkpoint-seconds", "0", "--ema", "0.9",
    ];

    /// <summary>The first rows of a file of the samples.</summary>
    private string Sample(string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, File.ReadLines(Path.Combine(Repository.Root, "samples/data", name)).Take(name.Contains("valid", StringComparison.Ordinal) ? 40 : 200));
        return path;
    }

    /// <summary>Writes a file of 200 lines.</summary>
    private string Write(string name, string header, Func<int, string> line)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, header + string.Concat(Enumerable.Range(0, 200).Select(i => line(i) + "\n")));
        return path;
    }

    [GeneratedRegex(@"\bstep ([0-9]+)/")]
    private static partial Regex FirstStep();

    private static byte[] Weights(string model)
    {
        if (Directory.Exists(model))
        {
            return File.ReadAllBytes(Path.Combine(model, "model.safetensors"));
        }

        using var zip = ZipFile.OpenRead(model);
        using var stream = zip.Entries.Single(entry => entry.Name == "weights.safetensors").Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [StartsProcesses]
    public sealed class OfMultiLabel : KillTests
    {
        protected override string[] Command => ["train", "multilabel", "--train", Sample("moods.train.jsonl"), "--valid", Sample("moods.valid.jsonl")];
    }

    [StartsProcesses]
    public sealed class OfSpans : KillTests
    {
        protected override string[] Command => ["train", "ner", "--train", Sample("train.jsonl"), "--valid", Sample("valid.jsonl")];
    }

    [StartsProcesses]
    public sealed class OfPairs : KillTests
    {
        protected override string[] Command => ["train", "similarity", "--train", Sample("pairs.train.jsonl"), "--valid", Sample("pairs.valid.jsonl")];
    }

    [StartsProcesses]
    public sealed class OfClasses : KillTests
    {
        protected override string[] Command =>
        [
            "train", "classification", "--validation-fraction", "0.2", "--train",
            Write("orders.csv", "text,label\n", i => (i % 3) switch { 0 => $"play song {i},play", 1 => $"stop it {i},stop", _ => $"is it {i},ask" }),
        ];
    }

    [StartsProcesses]
    public sealed class OfPretraining : KillTests
    {
        protected override string Name => "encoder";

        protected override string[] Command =>
        [
            "pretrain", "--validation-fraction", "0.1", "--texts", Write("texts.txt", "", i => (i % 3) switch { 0 => $"play song {i}", 1 => $"今天天气很好 {i}", _ => $"stop the music {i}" }),
        ];
    }
}
