using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests.Plugins;

/// <summary>The sample <c>04.WriteAPlugin</c> is trained, saved, and loaded in a fresh process.</summary>
[StartsProcesses]
public sealed class PluginProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-acme-").FullName;

    private static string Sample => Path.Combine(Repository.Root, "samples/04.WriteAPlugin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Sample_trains_saves_and_its_model_loads_in_a_fresh_process()
    {
        var (plugin, model) = (Path.Combine(Sample, "artifacts/plugin"), Path.Combine(_folder, "acme.zip"));
        (await Tool("train", "--config", "acme.json", "--plugins", plugin, "--out", model, "--threads", "1", "--quiet")).Succeeded();
        var evaluation = (await Tool("evaluate", model, "--data", "data/valid.jsonl", "--json", "--plugins", plugin)).Succeeded().Output;

        Assert.True((double)JsonNode.Parse(evaluation)!["micro_f1"]! > 0.9, evaluation);
        var without = await Tool("evaluate", model, "--data", "data/valid.jsonl");
        Assert.Equal(Host.Tool.BadInput, without.Code);
        Assert.Contains("Acme", without.Error, StringComparison.Ordinal);
        Assert.Contains("--plugins", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Tests_of_the_sample_pass()
    {
        var package = Path.GetFileName(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../..")));
        var output = Path.Combine(Sample, "artifacts", package, "bin/Acme.Tests", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Assert.Contains("Passed!", (await ChildProcess.Run("dotnet", ["test", Path.Combine(output, "Acme.Tests.dll")], Sample)).Succeeded().Output, StringComparison.Ordinal);
    }

    private static Task<ChildProcess> Tool(params string[] args) => ChildProcess.Run("dotnet", [ChildProcess.Tool, .. args], Sample);
}
