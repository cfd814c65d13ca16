using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MLPipelines.Host.Training;

namespace MLPipelines.Host.Tests.Config;

/// <summary>The schema beside the files that the tool itself writes and reads, judged by a validator that is not ours.</summary>
[Collection(ToolCollection.Name)]
public sealed class SchemaTests(TinyModel tiny)
{
    private static readonly Lazy<JsonSchema> s_schema = new(() => JsonSchema.FromText(ToolRun.Of("config", "schema").Succeeded().Output));

    public static TheoryData<string> Tasks => [.. TrainTasks.All.Select(task => task.Name)];

    private static string Errors(string json)
    {
        var node = JsonNode.Parse(json, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var result = s_schema.Value.Evaluate(node, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? "" : string.Join('\n', result.Details.Where(detail => detail.HasErrors).Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}")) + "!";
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Default_configurations_are_valid(string task) => Assert.Equal("", Errors(ToolRun.Of("config", "init", "--task", task).Succeeded().Output));

    [Fact]
    public void Resolved_configuration_of_a_model_is_valid() => Assert.Equal("", Errors(ToolRun.Of("inspect", tiny.ModelFile, "--config").Succeeded().Output));

    [Fact]
    public void Configurations_of_the_samples_are_valid() =>
        Assert.All(Directory.GetFiles(Path.Combine(Repository.Root, "samples/configs"), "*.json"), file => Assert.Equal("", Errors(File.ReadAllText(file))));

    [Theory]
    [InlineData("""{"task": "ner", "train": "a", "lr": 0.001, "batch": 8}""", true)]
    [InlineData("""{"task": "ner", "options": {"precision": "bfloat16", "optimizer": {"component": "lion", "options": {"beta1": 0.9}}}}""", true)]
    [InlineData("""{"task": "ner", "options": {"epochs": 0}}""", false)]
    [InlineData("""{"task": "ner", "options": {"epocks": 3}}""", false)]
    [InlineData("""{"task": "ner", "options": {"precision": "float8"}}""", false)]
    [InlineData("""{"task": "nerd"}""", false)]
    [InlineData("""{"task": "ner", "steps": []}""", false)]
    public void Other_configurations_are_told_apart(string json, bool isValid) => Assert.Equal(isValid, Errors(json).Length == 0);
}
