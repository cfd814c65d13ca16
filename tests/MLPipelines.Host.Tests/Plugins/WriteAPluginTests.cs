using System.Diagnostics;

namespace MLPipelines.Host.Tests.Plugins;

/// <summary>The sample <c>04.WriteAPlugin</c> is what <c>mlp new plugin</c> writes; it is trained, saved, and loaded in a fresh process.</summary>
public sealed class WriteAPluginTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-new-").FullName;

    private static string Sample => Path.Combine(Repository.Root, "samples/04.WriteAPlugin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void New_plugin_is_the_sample_under_another_name()
    {
        var output = Path.Combine(_folder, "Acme");
        ToolRun.Of("new", "plugin", "Acme", "--out", output).Succeeded();

        Assert.Equal(Files(Sample), Files(output));
        Assert.All(Files(Sample).Where(file => file != "MLPipelines.local.props"), file => Assert.Equal(File.ReadAllText(Path.Combine(Sample, file)), File.ReadAllText(Path.Combine(output, file))));
        Assert.Contains($"<MLPipelinesSource>{Repository.Root}/</MLPipelinesSource>", File.ReadAllText(Path.Combine(output, "MLPipelines.local.props")), StringComparison.Ordinal);
    }

    [Fact]
    public void Name_is_used_everywhere()
    {
        var output = Path.Combine(_folder, "x");
        ToolRun.Of("new", "plugin", "Blue.Ocean", "--out", output).Succeeded();

        Assert.DoesNotContain(Files(output), file => file.Contains("acme", StringComparison.OrdinalIgnoreCase));
        Assert.All(Files(output), file => Assert.DoesNotContain("acme", File.ReadAllText(Path.Combine(output, file)), StringComparison.OrdinalIgnoreCase));
        Assert.Contains("namespace Blue.Ocean;", File.ReadAllText(Path.Combine(output, "src/Blue.Ocean/OceanLoss.cs")), StringComparison.Ordinal);
        Assert.Contains("\"loss.ocean-hinge.v1\"", File.ReadAllText(Path.Combine(output, "src/Blue.Ocean/OceanLoss.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_names_and_places_are_explained()
    {
        ToolRun.Of("new", "plugin", "no-good", "--out", Path.Combine(_folder, "y")).FailedWith(Tool.BadInput, "'no-good'", "C# name");
        File.WriteAllText(Path.Combine(_folder, "full"), "");
        ToolRun.Of("new", "plugin", "Acme", "--out", _folder).FailedWith(Tool.BadInput, _folder, "not empty");
        ToolRun.Of("new", "plugin", "Acme", "--out", Path.Combine(_folder, "z"), "--source", _folder).FailedWith(Tool.BadInput, "--source", "MLPipelines.sln");
    }

    [Fact]
    public void Package_versions_of_the_template_are_those_of_the_repository()
    {
        var central = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));
        var version = File.ReadLines(Path.Combine(Repository.Root, "Directory.Build.props")).Single(line => line.Contains("<Version>", StringComparison.Ordinal)).Trim();
        foreach (var package in System.Xml.Linq.XDocument.Load(Path.Combine(Sample, "Directory.Packages.props")).Descendants("PackageVersion"))
        {
            var (name, wanted) = (package.Attribute("Include")!.Value, package.Attribute("Version")!.Value);
            if (name.StartsWith("MLPipelines.", StringComparison.Ordinal))
            {
                Assert.Equal(version, $"<Version>{wanted}</Version>");
            }
            else
            {
                Assert.Contains(wanted, central, StringComparison.Ordinal);
                Assert.Contains($"\"{name}\"", central, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Sample_trains_saves_and_its_model_loads_in_a_fresh_process()
    {
        var (plugin, model) = (Path.Combine(Sample, "artifacts/plugin"), Path.Combine(_folder, "acme.zip"));
        await Run(Repository.OutputOf("MLPipelines.Host"), "mlp.dll", "train", "--config", "acme.json", "--plugins", plugin, "--out", model, "--quiet");
        var evaluation = await Run(Repository.OutputOf("MLPipelines.Host"), "mlp.dll", "evaluate", model, "--data", "data/valid.jsonl", "--json", "--plugins", plugin);

        Assert.True((double)System.Text.Json.Nodes.JsonNode.Parse(evaluation)!["micro_f1"]! > 0.9, evaluation);
        ToolRun.Of("evaluate", model, "--data", Path.Combine(Sample, "data/valid.jsonl")).FailedWith(Tool.BadInput, "Acme", "--plugins");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Tests_of_the_sample_pass()
    {
        var package = Path.GetFileName(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../..")));
        var output = Path.Combine(Sample, "artifacts", package, "bin/Acme.Tests", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Assert.Contains("Passed!", await Run(output, "Acme.Tests.dll", testing: true), StringComparison.Ordinal);
    }

    private static List<string> Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
        .Where(file => !file.StartsWith("artifacts", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static Task<string> Run(string folder, string assembly, params string[] args) => Run(folder, assembly, testing: false, args);

    private static async Task<string> Run(string folder, string assembly, bool testing, params string[] args)
    {
        string[] all = [.. testing ? ["test"] : Array.Empty<string>(), Path.Combine(folder, assembly), .. args];
        var start = new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Sample };
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

        Assert.True(process.ExitCode == 0, $"{assembly} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }
}
