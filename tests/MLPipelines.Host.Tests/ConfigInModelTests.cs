using System.IO.Compression;
using System.Text.Json.Nodes;
using MLPipelines.Host.Training;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class ConfigInModelTests(TinyModel tiny)
{
    [Theory]
    [InlineData("MLPipelines/config.json", """{"task": "ner", "task": "ner"}""")]
    [InlineData("MLPipelines/config.json", "{\"task\": \"\\ud800\"}")]
    [InlineData("training.json", "{broken")]
    [InlineData("training.json", """{"a": 1, "a": 2}""")]
    public void Damaged_JSON_in_a_model_is_named_with_its_file(string entry, string content)
    {
        var path = tiny.NewPath("damaged.zip");
        File.Copy(tiny.ModelFile, path);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            var old = zip.Entries.Single(candidate => candidate.FullName.EndsWith(entry, StringComparison.Ordinal));
            var name = old.FullName;
            old.Delete();
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(content);
        }

        ToolRun.Of(["inspect", path, .. entry == "training.json" ? (string[])[] : ["--config"]]).FailedWith(Tool.BadInput, "damaged.zip", "cannot be read");
    }

    [Fact]
    public void A_configuration_is_appended_without_reading_the_model()
    {
        const int Size = 64 << 20;
        var path = tiny.NewPath("model.zip");
        using (var file = File.Create(path))
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            using var content = zip.CreateEntry("weights.safetensors", CompressionLevel.NoCompression).Open();
            content.Write(new byte[Size]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        using (var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite))
        {
            ConfigInModel.Write(file, new JsonObject { ["task"] = "ner" });
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Size / 16);
        Assert.Equal("ner", (string?)ConfigInModel.Read(path)!["task"]);
        using var again = ZipFile.OpenRead(path);
        Assert.Equal(Size, again.GetEntry("weights.safetensors")!.Length);
    }
}
