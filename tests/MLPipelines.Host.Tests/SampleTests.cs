using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLPipelines.Host.Tests;

public sealed partial class SampleTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Samples_train_save_and_load_in_a_fresh_process()
    {
        var folder = Directory.CreateTempSubdirectory("mlp-samples-");
        try
        {
            var model = Path.Combine(folder.FullName, "ner.zip");
            await RunSample("02.NerGlobalPointer", Path.Combine(Repository.Root, "samples/data"), model);
            var found = await RunSample("03.LoadAndPredict", model);
            Assert.Contains("[person]", found, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Embeddings_are_saved_and_used_in_fresh_processes()
    {
        var folder = Directory.CreateTempSubdirectory("mlp-samples-");
        try
        {
            var model = Path.Combine(folder.FullName, "embedder.zip");
            await RunSample("01.Embeddings", Path.Combine(Repository.Root, "samples/data"), model);
            var texts = Path.Combine(folder.FullName, "texts.txt");
            await File.WriteAllTextAsync(texts, "吴晓梅\n\n");
            var lines = (await Run("MLPipelines.Host", "mlp.dll", "embed", model, "--in", texts)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal([64, 64], lines.Select(line => JsonNode.Parse(line)!["vector"]!.AsArray().Count));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Soft_labels_are_trained_saved_and_used()
    {
        var folder = Directory.CreateTempSubdirectory("mlp-samples-");
        try
        {
            var model = Path.Combine(folder.FullName, "moods.zip");
            var said = await RunSample("05.SoftLabels", Path.Combine(Repository.Root, "samples/data"), model);
            Assert.Contains("found: ", said, StringComparison.Ordinal);
            Assert.True(File.Exists(model));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task R_Drop_is_compared_with_training_without_it() =>
        Assert.Contains("with R-Drop", await RunSample("06.NerRDrop", Path.Combine(Repository.Root, "samples/data")), StringComparison.Ordinal);

    [Fact]
    public void README_shows_the_sample_that_is_tested()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var blocks = Block().Matches(readme);
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, block.Groups["path"].Value)), block.Groups["code"].Value));
    }

    [Fact]
    public void README_quotes_the_samples_word_for_word()
    {
        var quotes = Excerpt().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
        Assert.NotEmpty(quotes);
        Assert.All(quotes, quote => Assert.Contains(quote.Groups["code"].Value, File.ReadAllText(Path.Combine(Repository.Root, quote.Groups["path"].Value)), StringComparison.Ordinal));
    }

    private static Task<string> RunSample(string name, params string[] args) => Run(name, name + ".dll", args);

    private static async Task<string> Run(string name, string assembly, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Repository.OutputOf(name), assembly), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }

    [GeneratedRegex(@"<!-- sample: (?<path>\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"<!-- excerpt: (?<path>\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Excerpt();
}
