using System.IO.Compression;
using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests.Packages;

/// <summary>What a user has who knows this repository only by its packages.</summary>
[StartsProcesses]
public sealed class PackageTests(PackedTool packed) : IClassFixture<PackedTool>
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Installed_tool_lists_components_trains_and_predicts()
    {
        using (var package = ZipFile.OpenRead(Directory.GetFiles(packed.Feed, "MLPipelines.Tool.*.nupkg").Single()))
        {
            // libtorch itself, or the library over the system's.
            Assert.Contains(package.Entries, entry => entry.FullName.StartsWith("tools/", StringComparison.Ordinal) && entry.Name.Contains("torch", StringComparison.Ordinal) && entry.Name.EndsWith(".so", StringComparison.Ordinal));
        }

        var listed = JsonNode.Parse((await packed.Run("mlp", "components", "global-pointer", "--json")).Succeeded().Output)!;
        Assert.Empty(listed["problems"]!.AsArray());
        var trainer = listed["components"]!.AsArray().Single(component => (string)component!["id"]! == "trainer.global-pointer.v1")!;
        // What options mean comes from the documentation files, which have to be packed too.
        Assert.All(trainer["options"]!.AsArray(), option => Assert.NotEmpty((string)option!["description"]!));

        var data = Path.Combine(Repository.Root, "samples/data");
        (await packed.Run(
            "mlp", "train", "ner", "--train", Path.Combine(data, "train.jsonl"), "--valid", Path.Combine(data, "valid.jsonl"), "--out", "ner.zip", "--layers", "1", "--hidden", "32", "--heads", "2", "--epochs", "2",
            "--lr", "5e-3", "--threads", "1", "--quiet")).Succeeded();
        var answers = (await packed.Run("mlp", "predict", "ner.zip", "--in", Path.Combine(data, "valid.jsonl"), "--threads", "1")).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(File.ReadLines(Path.Combine(data, "valid.jsonl")).Count(), answers.Length);
        Assert.All(answers, answer => Assert.NotNull(JsonNode.Parse(answer)!["entities"]));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task New_plugin_does_what_its_README_says_outside_of_the_repository()
    {
        (await packed.Run("mlp", "new", "plugin", "Blue", "--packages", packed.Feed)).Succeeded();
        var folder = Path.Combine(packed.Folder, "Blue");
        Assert.DoesNotContain(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains(Repository.Root, StringComparison.Ordinal));

        var outputs = new Dictionary<string, string>();
        foreach (var command in File.ReadLines(Path.Combine(folder, "README.md")).Where(line => line.StartsWith("    dotnet ", StringComparison.Ordinal) || line.StartsWith("    mlp ", StringComparison.Ordinal)))
        {
            var words = command.Trim().Split(' ');
            outputs[string.Join(' ', words.Take(2))] = (await packed.RunIn(folder, words[0], words[1..])).Succeeded().Output;
        }

        Assert.Equal(["dotnet test", "mlp components", "mlp train", "mlp predict"], outputs.Keys);
        Assert.Contains("Passed!", outputs["dotnet test"], StringComparison.Ordinal);
        Assert.All((string[])["encoder.blue.v1", "loss.blue-hinge.v1", "transform.blue-text.v1"], id => Assert.Contains(id, outputs["mlp components"], StringComparison.Ordinal));
        Assert.True((double)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "metrics.json")))!["micro_f1"]! > 0.9, outputs["mlp train"]);
        Assert.Equal(File.ReadLines(Path.Combine(folder, "data/valid.jsonl")).Count(), outputs["mlp predict"].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
