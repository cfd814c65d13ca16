using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class MultiLabelTests(TextModel text)
{
    [Fact]
    public void Train_evaluate_and_predict_with_soft_labels()
    {
        var (train, valid, model) = (Path.Combine(text.Samples, "moods.train.jsonl"), Path.Combine(text.Samples, "moods.valid.jsonl"), text.New("model.zip"));
        var trained = ToolRun.Of(["train", "multilabel", "--train", train, "--valid", valid, "--thresholds", "per-label", "--out", model, "--json", .. TextModel.Flags(8)]).Succeeded();
        var metrics = JsonNode.Parse(trained.Output)!;
        Assert.True((double)metrics["micro_f1"]! > 0.7, trained.Output);
        foreach (var name in new[] { "macro_f1", "subset_accuracy", "log_loss", "ranking_loss", "label_ranking_average_precision" }) Assert.InRange((double)metrics[name]!, 0, 1.5);
        Assert.Equal(["anger", "joy", "sorrow", "surprise"], metrics["per_label"]!.AsObject().Select(pair => pair.Key));
        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", valid, "--json").Succeeded().Output)!;
        Assert.Equal((double)metrics["micro_f1"]!, (double)evaluated["micro_f1"]!, 1e-9);

        var row = ToolRun.Of(["predict", model], "{\"text\": \"Mia: what a wonderful day\", \"labels\": [\"gold\"]}\n").Succeeded().OutputLines[0];
        Assert.Contains("joy", row["labels"]!.AsArray().Select(label => (string)label!));
        Assert.Equal("gold", (string)row["gold_labels"]![0]!);
        Assert.All(row["probabilities"]!.AsObject(), pair => Assert.InRange((double)pair.Value!, 0, 1));
    }

    [Fact]
    public void A_table_of_label_numbers()
    {
        var rows = string.Concat(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? $"so \"happy\" {i}\t0,1\tid{i}\n" : $"very sad {i}\t2\tid{i}\n"));
        var (train, names, model) = (text.Write("train.tsv", rows), text.Write("labels.txt", "joy\nlove\nsorrow\n"), text.New("model.zip"));
        string[] columns = ["--text-column", "0", "--label-column", "1", "--label-names", names];
        ToolRun.Of(["train", "multilabel", "--train", train, "--out", model, "--quiet", .. columns, .. TextModel.Flags()]).Succeeded();
        Assert.Equal(1, (double)JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", train, "--json").Succeeded().Output)!["micro_f1"]!);
        var labels = ToolRun.Of(["predict", model], "{\"text\": \"so happy 4\"}\n").Succeeded().OutputLines[0]["labels"]!.AsArray().Select(label => (string)label!);
        Assert.Equal(["joy", "love"], labels.Order());
    }

    [Theory]
    [InlineData("""{"text": "a", "labels": {"x": 2}}""", new[] { "line 1", "'x' is not in range", "0 to 1" })]
    [InlineData("""{"text": "a", "labels": "x", "labels": 3}""", new[] { "line 1", "'labels' is there twice" })]
    [InlineData("""{"text": "a", "labels": 3}""", new[] { "line 1", "holds no labels" })]
    [InlineData("""{"text": "a"}""", new[] { "line 1", "'labels' is missing" })]
    [InlineData("""{"text": "a", "labels": []}""", new[] { "no label" })]
    [InlineData("nonsense", new[] { "line 1", "not JSON" })]
    public void Bad_training_data_are_explained(string content, string[] words)
    {
        var model = text.New("model.zip");
        ToolRun.Of(["train", "multilabel", "--train", text.Write("train.jsonl", content), "--out", model, .. TextModel.Flags(1)]).FailedWith(Tool.BadInput, words);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
    }
}
