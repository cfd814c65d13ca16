using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class SimilarityTests(TextModel text)
{
    private static readonly string[] s_animals = ["cat", "dog", "horse", "mouse"];

    /// <summary>Pairs about the same animal are similar, those about two are not.</summary>
    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i =>
    {
        var (one, other) = (s_animals[i % 4], s_animals[i % 2 == 0 ? i % 4 : (i + 2) % 4]);
        return new JsonObject { ["text1"] = $"a {one} in room {i % 5}", ["text2"] = $"there is the {other}", ["score"] = i % 2 == 0 ? 1 : 0 }.ToJsonString() + "\n";
    }));

    [Fact]
    public void Train_evaluate_embed_and_predict()
    {
        var (train, model) = (text.Write("train.jsonl", Lines(40)), text.New("model.zip"));
        var trained = ToolRun.Of(["train", "similarity", "--train", train, "--valid", train, "--out", model, "--json", .. TextModel.Flags(20)]).Succeeded();
        var metrics = JsonNode.Parse(trained.Output)!;
        Assert.True((double)metrics["spearman"]! > 0.8, trained.Output);
        Assert.InRange((double)metrics["pearson"]!, 0.5, 1);
        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", train, "--json").Succeeded().Output)!;
        Assert.Equal((double)metrics["spearman"]!, (double)evaluated["spearman"]!, 1e-9);
        Assert.Equal(40, (int)evaluated["support"]!);

        Assert.Equal(32, ToolRun.Of(["embed", model], "a cat in room 1\n").Succeeded().OutputLines[0]["vector"]!.AsArray().Count);
        var rows = ToolRun.Of(
            ["predict", model],
            """
            {"text1": "a cat in room 1", "text2": "there is the cat", "id": 7, "score": 1}
            {"text": "a dog in room 1", "text2": "there is the mouse"}
            {"text1": "a cat", "text2": 5}
            broken
            {"text": "a cat in room 1"}
            """).Succeeded().OutputLines;
        Assert.Equal(5, rows.Count);
        Assert.Equal((7, 1), ((int)rows[0]["id"]!, (int)rows[0]["gold_score"]!));
        Assert.True((double)rows[0]["score"]! > (double)rows[1]["score"]!, $"{rows[0]} {rows[1]}");
        Assert.Contains("\"text2\" is Number", (string)rows[2]["error"]!, StringComparison.Ordinal);
        Assert.Contains("line 4", (string)rows[3]["error"]!, StringComparison.Ordinal);
        Assert.Equal(32, rows[4]["vector"]!.AsArray().Count);
        ToolRun.Of(["predict", model, "--strict"], "{\"text1\": \"a cat\", \"text2\": 5}\n").FailedWith(Tool.BadInput, "line 1", "\"text2\" is Number");
        Assert.Contains("\"tex2\" is missing", (string?)ToolRun.Of(["predict", model, "--second-text-column", "tex2"], "{\"text1\": \"a cat\", \"text2\": \"b\"}\n").Succeeded().OutputLines[0]["error"] ?? "", StringComparison.Ordinal);
        ToolRun.Of(["predict", model, "--offsets", "utf16"], "a\n").FailedWith(Tool.BadInput, "--offsets", "embedding");

        // How it was trained, and with what.
        var inspected = JsonNode.Parse(ToolRun.Of("inspect", model, "--json").Succeeded().Output)!;
        Assert.Equal("trainer.sentence-pair.v1", (string)inspected["training"]!["trainer"]!);
    }

    [Fact]
    public void Columns_of_a_table_are_remembered_and_the_model_can_be_whitened()
    {
        var rows = Lines(40).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).Select(row => $"{row["score"]},{row["text1"]},{row["text2"]}\n");
        var (train, model) = (text.Write("train.csv", "alike,left,right\n0,NS,a cat\n1,a cat,NS\n" + string.Concat(rows)), text.New("model.zip"));
        string[] columns = ["--text-column", "left", "--second-text-column", "right", "--label-column", "alike", "--drop", "NS"];
        ToolRun.Of(["train", "similarity", "--train", train, "--out", model, "--quiet", "--pooling", "first-last-average", .. columns, .. TextModel.Flags(2)]).Succeeded();
        Assert.Equal(40, (int)JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", train, "--json").Succeeded().Output)!["support"]!);
        var whitened = text.New("whitened.zip");
        ToolRun.Of(["whiten", model, "--pairs", train, "--dimensions", "4", "--out", whitened, .. columns]).Succeeded();
        Assert.Contains("\"score\":", ToolRun.Of(["predict", whitened], "{\"text1\": \"a cat\", \"text2\": \"a dog\"}\n").Succeeded().Output, StringComparison.Ordinal);
    }

    private string Pipeline(string steps) => text.Write("pipeline.json", """{"task": "similarity", "data": {"train": "TRAIN"}, "steps": [STEPS], "options": {"epochs": 300, "seed": 1}}"""
        .Replace("TRAIN", text.Write("train.jsonl", Lines(40)), StringComparison.Ordinal).Replace("STEPS", steps, StringComparison.Ordinal));

    private static ToolRun Stop(params string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var error = new StopAfterFirstEpoch(stop);
        return ToolRun.Of(args, "", error, stop.Token);
    }

    [Fact]
    public void A_training_that_is_stopped_finishes_the_steps_after_it()
    {
        var (config, model) = (Pipeline("""{"component": "sentence-pair"}, {"component": "whitening", "options": {"inputColumn": "Vector", "outputColumn": "White"}}"""), text.New("model.zip"));
        Assert.Contains("best model so far", Stop(["train", "--config", config, "--out", model, .. TextModel.Flags(300)]).Succeeded().Error, StringComparison.Ordinal);
        Assert.NotEmpty(ToolRun.Of(["embed", model], "a cat in room 1\n").Succeeded().OutputLines[0]["vector"]!.AsArray());
    }

    [Fact]
    public void Two_trainers_of_a_pipeline_keep_states_of_their_own()
    {
        var (config, model) = (Pipeline("""{"component": "sentence-pair", "options": {"vectorColumn": "One"}}, {"component": "sentence-pair", "options": {"vectorColumn": "Two"}}"""), text.New("model.zip"));
        string[] arguments = ["train", "--config", config, "--out", model, .. TextModel.Flags(2)];
        ToolRun.Of([.. arguments, "--quiet"]).Succeeded();
        var expected = Vector();
        Assert.False(Directory.Exists(model + ".checkpoint"));
        Stop(arguments).FailedWith(Tool.Failure, "stopped");
        Assert.True(File.Exists(Path.Combine(model + ".checkpoint", "step-1", "state.safetensors")));
        ToolRun.Of([.. arguments, "--resume"]).Succeeded();
        Assert.Equal(expected, Vector());
        Assert.False(Directory.Exists(model + ".checkpoint"));

        string Vector() => ToolRun.Of(["embed", model], "a cat in room 1\n").Succeeded().Output;
    }

    [Fact]
    public void A_checked_configuration_counts_pairs_that_contradict_each_other()
    {
        var config = text.Write("similarity.json", """{"task": "similarity", "data": {"train": "TRAIN"}, "options": {"pooling": "cls"}, "output": {"model": "m.zip"}}"""
            .Replace("TRAIN", text.Write("train.jsonl", Lines(4) + Lines(1).Replace("\"score\":1", "\"score\":0.5", StringComparison.Ordinal)), StringComparison.Ordinal));
        var checkedOutput = ToolRun.Of("config", "check", config).Succeeded().Output;
        Assert.Contains("1 row (5) have the text of an earlier row but other labels", checkedOutput.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("no row has a label", checkedOutput.ReplaceLineEndings(" "), StringComparison.Ordinal);
        ToolRun.Of("train", "similarity", "--config", config, "--r-drop", "4").FailedWith(Tool.BadInput, "--r-drop");
    }

    [Theory]
    [InlineData("{\"text1\": \"a\", \"text2\": \"b\"}\n", new[] { "train.jsonl", "line 1", "'score' is missing" })]
    [InlineData("{\"text1\": \"a\", \"text2\": \"b\", \"score\": 1}\n", new[] { "scores of all 1 rows", "equal" })]
    public void Bad_training_data_are_explained(string content, string[] words)
    {
        var model = text.New("model.zip");
        ToolRun.Of(["train", "similarity", "--train", text.Write("train.jsonl", content), "--out", model, .. TextModel.Flags(1)]).FailedWith(Tool.BadInput, words);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
    }
}
