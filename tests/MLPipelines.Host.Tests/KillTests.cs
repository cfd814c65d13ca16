using System.Diagnostics;
using System.IO.Compression;

namespace MLPipelines.Host.Tests;

/// <summary>A training process that is killed at random moments, again and again, ends with the model that it would have made undisturbed.</summary>
[Collection(TextModelCollection.Name)]
public sealed class KillTests(TextModel text)
{
    private const int Kills = 5;

    [Theory]
    [InlineData("multilabel", "moods.train.jsonl", "moods.valid.jsonl")]
    [InlineData("ner", "train.jsonl", "valid.jsonl")]
    [Trait("Category", "Slow")]
    public async Task Killed_at_random_moments_the_model_is_the_same(string task, string train, string valid)
    {
        string[] Arguments(string model) =>
        [
            "train", task, "--train", Path.Combine(text.Samples, train), "--valid", Path.Combine(text.Samples, valid), "--out", model, "--layers", "1", "--hidden", "32", "--heads", "2",
            "--epochs", "12", "--batch", "16", "--lr", "3e-3", "--seed", "1", "--dropout", "0.2", "--threads", "1", "--device", "cpu", "--checkpoint-seconds", "0", "--ema", "0.9",
        ];
        var (undisturbed, killed) = (text.New("model.zip"), text.New("model.zip"));
        var watch = Stopwatch.StartNew();
        await Run([.. Arguments(undisturbed), "--quiet"], kill: null);
        var whole = watch.Elapsed;

        var random = new Random();
        for (var i = 0; i < Kills; i++)
        {
            await Run([.. Arguments(killed), .. i == 0 ? (string[])[] : ["--resume"]], kill: whole * (0.1 + 0.7 * random.NextDouble()));
        }

        await Run([.. Arguments(killed), "--resume", "--quiet"], kill: null);
        Assert.Equal(Weights(undisturbed), Weights(killed));
        Assert.False(Directory.Exists(killed + ".checkpoint"));
    }

    private static async Task Run(string[] args, TimeSpan? kill)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Repository.OutputOf("MLPipelines.Host"), "mlp.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(kill ?? TimeSpan.FromMinutes(10));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (kill is not null)
        {
            process.Kill(); // SIGKILL: no handler runs
            await process.WaitForExitAsync();
            return;
        }

        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}:\n{await output}\n{await error}");
    }

    private static byte[] Weights(string model)
    {
        using var zip = ZipFile.OpenRead(model);
        using var stream = zip.Entries.Single(entry => entry.Name == "weights.safetensors").Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
