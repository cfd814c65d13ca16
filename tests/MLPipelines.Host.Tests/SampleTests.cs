using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

/// <summary>The samples run as programs, each beside the others.</summary>
public abstract class SampleTests : IDisposable
{
    private static readonly string s_data = Path.Combine(Repository.Root, "samples/data");

    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-samples-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private string FileOf(string name) => Path.Combine(_folder, name);

    private static async Task<string> Run(string name, params string[] args) => (await ChildProcess.RunSample(name, args)).Succeeded().Output;

    [StartsProcesses]
    public sealed class Ner : SampleTests
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task Samples_train_save_and_load_in_a_fresh_process()
        {
            await Run("02.NerGlobalPointer", s_data, FileOf("ner.zip"));
            Assert.Contains("[person]", await Run("03.LoadAndPredict", FileOf("ner.zip")), StringComparison.Ordinal);
        }
    }

    [StartsProcesses]
    public sealed class Embeddings : SampleTests
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task Embeddings_are_saved_and_used_in_fresh_processes()
        {
            await Run("01.Embeddings", s_data, FileOf("embedder.zip"));
            await File.WriteAllTextAsync(FileOf("texts.txt"), "吴晓梅\n\n");
            var lines = (await ChildProcess.RunTool("embed", FileOf("embedder.zip"), "--in", FileOf("texts.txt"))).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal([64, 64], lines.Select(line => JsonNode.Parse(line)!["vector"]!.AsArray().Count));
        }
    }

    [StartsProcesses]
    public sealed class SoftLabels : SampleTests
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task Soft_labels_are_trained_saved_and_used()
        {
            Assert.Contains("found: ", await Run("05.SoftLabels", s_data, FileOf("moods.zip")), StringComparison.Ordinal);
            Assert.True(File.Exists(FileOf("moods.zip")));
        }
    }

    [StartsProcesses]
    public sealed class Similarity : SampleTests
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task Similarity_is_trained_saved_and_searched_with() =>
            Assert.Contains("nearest: how much is the tea set", await Run("08.Similarity", s_data, FileOf("similarity.zip")), StringComparison.Ordinal);
    }

    [StartsProcesses]
    public sealed class UseAPlugin : SampleTests
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task Model_of_a_referenced_plugin_is_trained_and_scored_in_a_fresh_process()
        {
            await Run("07.UseAPlugin", "train", Path.Combine(Repository.Root, "samples/04.WriteAPlugin/data"), FileOf("acme.zip"));
            Assert.Contains("found: ", await Run("07.UseAPlugin", "score", FileOf("acme.zip")), StringComparison.Ordinal);
        }
    }

    [StartsProcesses]
    public sealed class NerRDrop : SampleTests
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task R_Drop_is_compared_with_training_without_it() => Assert.Contains("with R-Drop", await Run("06.NerRDrop", s_data), StringComparison.Ordinal);
    }
}
