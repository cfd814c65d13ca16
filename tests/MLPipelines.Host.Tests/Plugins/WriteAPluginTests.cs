namespace MLPipelines.Host.Tests.Plugins;

/// <summary>The sample <c>04.WriteAPlugin</c> is what <c>mlp new plugin</c> writes.</summary>
[Collection(ToolCollection.Name)]
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
        ToolRun.Of("new", "plugin", "Acme", "--out", Path.Combine(_folder, "z"), "--packages", _folder).FailedWith(Tool.BadInput, "--packages", "no package MLPipelines.Trainers", "dotnet pack");
        ToolRun.Of("new", "plugin", "Acme", "--out", Path.Combine(_folder, "z"), "--packages", _folder, "--source", Repository.Root).FailedWith(Tool.BadInput, "--source and --packages", "only one");
        Assert.False(Directory.Exists(Path.Combine(_folder, "z")));
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

    private static List<string> Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
        .Where(file => !file.StartsWith("artifacts", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
