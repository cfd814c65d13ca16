using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class ClassificationTests(TextModel text)
{
    [Fact]
    public void Train_evaluate_and_predict()
    {
        var (train, model) = (text.Write("train.csv", TextModel.OrdersCsv("text,category")), text.New("model.zip"));
        var trained = ToolRun.Of(["train", "classification", "--train", train, "--valid", train, "--label-column", "category", "--out", model, "--json", .. TextModel.Flags()]).Succeeded();
        var metrics = JsonNode.Parse(trained.Output)!;
        Assert.Equal(1, (double)metrics["accuracy"]!);
        Assert.Equal(1, (double)metrics["macro_f1"]!);
        Assert.InRange((double)metrics["log_loss"]!, 0, 0.5);
        Assert.Equal(8, (long)metrics["per_label"]!["ask"]!["support"]!);

        // The columns of the training data are remembered; others can be named.
        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", train, "--json").Succeeded().Output)!;
        Assert.Equal((double)metrics["log_loss"]!, (double)evaluated["log_loss"]!, 1e-6);
        var other = text.Write("other.tsv", "order\tkind\nplay song 3\tplay\n");
        Assert.Equal(1, (double)JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", other, "--text-column", "order", "--label-column", "kind", "--json").Succeeded().Output)!["accuracy"]!);

        var rows = ToolRun.Of(["predict", model], "{\"text\": \"play song 3\", \"id\": 7, \"label\": \"gold\"}\nbroken\n{\"text\": \"stop it 4\"}\n").Succeeded().OutputLines;
        Assert.Equal(("play", 7, "gold"), ((string)rows[0]["label"]!, (int)rows[0]["id"]!, (string)rows[0]["gold_label"]!));
        Assert.Equal(1, rows[0]["scores"]!.AsObject().Sum(pair => (double)pair.Value!), 1e-5);
        Assert.Contains("line 2", (string)rows[1]["error"]!, StringComparison.Ordinal);
        Assert.Equal("stop", (string)rows[2]["label"]!);
    }

    [Fact]
    public void Pairs_of_texts()
    {
        var rows = string.Concat(Enumerable.Range(0, 24).Select(i => $$"""{"text": "is it {{i / 2}}", "text2": "{{(i % 2 == 0 ? "yes indeed" : "not at all")}}", "label": "{{(i % 2 == 0 ? "same" : "other")}}"}""" + "\n"));
        var (train, model) = (text.Write("train.jsonl", rows), text.New("model.zip"));
        var trained = ToolRun.Of(["train", "classification", "--train", train, "--valid", train, "--second-text-column", "text2", "--out", model, "--json", .. TextModel.Flags(20)]).Succeeded();
        Assert.Equal(1, (double)JsonNode.Parse(trained.Output)!["accuracy"]!);
        var answers = ToolRun.Of(["predict", model], "{\"text\": \"is it 3\", \"text2\": \"yes indeed\"}\n{\"text\": \"is it 3\"}\n").Succeeded().OutputLines;
        Assert.Equal("same", (string)answers[0]["label"]!);
        Assert.Contains("text2", (string)answers[1]["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_labels_are_named()
    {
        var (train, model) = (text.Write("train.csv", TextModel.OrdersCsv()), text.New("model.zip"));
        var valid = text.Write("valid.csv", "text,label\nplay,play\ndance,dance\n");
        ToolRun.Of(["train", "classification", "--train", train, "--valid", valid, "--out", model, .. TextModel.Flags(1)]).FailedWith(Tool.BadInput, "'dance' is unknown", "valid.csv, line 3", "'ask', 'play', 'stop'");
        ToolRun.Of(["train", "classification", "--train", train, "--valid", train, "--test", valid, "--out", model, .. TextModel.Flags(1)]).FailedWith(Tool.BadInput, "'dance' is unknown", "valid.csv, line 3");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
        ToolRun.Of(["train", "classification", "--train", train, "--out", model, "--quiet", .. TextModel.Flags(1)]).Succeeded();
        ToolRun.Of("evaluate", model, "--data", valid).FailedWith(Tool.BadInput, "'dance' is unknown", "row 2");
    }

    [Theory]
    [InlineData("train.csv", "text,label\nplay,\n", new[] { "train.csv", "line 2", "column 6", "label is empty" })]
    [InlineData("train.csv", "text,class\nplay,x\n", new[] { "train.csv", "line 1", "--label-column", "'class'" })]
    [InlineData("train.jsonl", "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"a\"}\n", new[] { "train.jsonl", "line 2", "'label' is missing" })]
    [InlineData("train.jsonl", "{\"text\": \"a\", \"label\": \"x\"}\n", new[] { "too few classes", "at least two" })]
    public void Bad_training_data_are_explained(string name, string content, string[] words)
    {
        var model = text.New("model.zip");
        ToolRun.Of(["train", "classification", "--train", text.Write(name, content), "--out", model, .. TextModel.Flags(1)]).FailedWith(Tool.BadInput, words);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
    }
}
