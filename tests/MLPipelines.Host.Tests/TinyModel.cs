using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

/// <summary>A model trained once by the tool itself, on a few rows, for all tests that need one.</summary>
public sealed class TinyModel : IDisposable
{
    public TinyModel()
    {
        Folder = Directory.CreateTempSubdirectory("mlp-host-tests-").FullName;
        TrainFile = Path.Combine(Folder, "train.jsonl");
        ValidFile = Path.Combine(Folder, "valid.jsonl");
        File.WriteAllLines(TrainFile, File.ReadLines(Path.Combine(Repository.Root, "samples/data/train.jsonl")).Take(120));
        File.WriteAllLines(ValidFile, File.ReadLines(Path.Combine(Repository.Root, "samples/data/valid.jsonl")).Take(30));
        ModelFile = Path.Combine(Folder, "model.zip");
        Training = ToolRun.Of([.. Arguments(ModelFile), "--valid", ValidFile, "--json"]).Succeeded();
    }

    /// <summary>A folder that disappears with the fixture.</summary>
    public string Folder { get; }

    public string TrainFile { get; }

    public string ValidFile { get; }

    public string ModelFile { get; }

    internal ToolRun Training { get; }

    /// <summary>Flags of a training run that takes about a second.</summary>
    public string[] Arguments(string output, int epochs = 3) =>
        ["train", "ner", "--train", TrainFile, "--out", output, "--layers", "1", "--hidden", "32", "--heads", "2", "--epochs", $"{epochs}", "--batch", "16", "--lr", "5e-3", "--seed", "1", "--head-size", "16", "--threads", "1"];

    public string NewPath(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName, name);

    public string NewFile(string name, string content)
    {
        var path = NewPath(name);
        File.WriteAllText(path, content);
        return path;
    }

    public JsonNode Inspect(string model) => JsonNode.Parse(ToolRun.Of("inspect", model, "--json").Succeeded().Output)!;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
