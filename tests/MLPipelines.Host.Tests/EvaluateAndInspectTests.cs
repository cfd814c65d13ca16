using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class EvaluateAndInspectTests(TinyModel tiny)
{
    [Fact]
    public void Evaluate_prints_one_JSON_object_with_the_promised_keys()
    {
        var run = ToolRun.Of("evaluate", tiny.ModelFile, "--data", tiny.ValidFile, "--json").Succeeded();
        var metrics = Assert.Single(run.OutputLines).AsObject();
        Assert.Equal(["precision", "recall", "f1", "support", "per_label"], metrics.Select(pair => pair.Key));
        Assert.InRange((double)metrics["f1"]!, 0, 1);
        Assert.Equal((long)metrics["support"]!, metrics["per_label"]!.AsObject().Sum(label => (long)label.Value!["support"]!));
        Assert.All(metrics["per_label"]!.AsObject(), label => Assert.Equal(["precision", "recall", "f1", "support"], label.Value!.AsObject().Select(pair => pair.Key)));
    }

    [Fact]
    public void Training_reports_what_a_later_evaluation_finds()
    {
        var trained = JsonNode.Parse(tiny.Training.Output)!;
        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", tiny.ModelFile, "--data", tiny.ValidFile, "--json").Succeeded().Output)!;
        foreach (var key in (string[])["precision", "recall", "f1", "support"])
        {
            Assert.Equal((double)evaluated[key]!, (double)trained[key]!);
        }

        Assert.Equal(tiny.ModelFile, (string)trained["model"]!);
        Assert.Equal("completed", (string)trained["outcome"]!);
    }

    [Fact]
    public void Table_shows_every_label()
    {
        var run = ToolRun.Of("evaluate", tiny.ModelFile, "--data", tiny.ValidFile).Succeeded();
        Assert.All((string[])["person", "place", "organization", "time", "F1"], word => Assert.Contains(word, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Inspect_shows_component_labels_options_and_tensors()
    {
        var description = tiny.Inspect(tiny.ModelFile);
        Assert.Equal("transform.span-extraction.v1", (string)description["component"]!);
        Assert.Contains("organization", description["options"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(3, (int)description["training"]!["options"]!["epochs"]!);
        Assert.Equal(5e-3, (double)description["training"]!["options"]!["learningRate"]!);
        Assert.True((long)description["parameters"]! > 1000);
        Assert.All(description["tensors"]!.AsArray(), tensor => Assert.Matches(@"^(encoder|head)\.", (string)tensor!["name"]!));
        Assert.Contains(description["tensors"]!.AsArray(), tensor => ((string)tensor!["name"]!).Contains("word_embeddings", StringComparison.Ordinal));
        Assert.Contains("transform.span-extraction.v1", ToolRun.Of("inspect", tiny.ModelFile).Succeeded().Output, StringComparison.Ordinal);
    }
}
