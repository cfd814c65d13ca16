using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class TrainTests(TinyModel tiny)
{
    [Fact]
    public void Config_file_and_flags_are_the_same()
    {
        var config = tiny.NewFile("config.json", $$"""
            {
              // Comments are fine, and so are sections.
              "train": "{{tiny.TrainFile}}",
              "options": { "layers": 1, "hidden": 32, "heads": 2 },
              "epochs": 3, "batch_size": 16, "learningRate": 5e-3, "seed": 1, "head-size": 16, "threads": 1,
            }
            """);
        var (fromConfig, fromFlags) = (tiny.NewPath("a.zip"), tiny.NewPath("b.zip"));
        ToolRun.Of("train", "ner", "--config", config, "--out", fromConfig, "--quiet").Succeeded();
        ToolRun.Of([.. tiny.Arguments(fromFlags), "--quiet"]).Succeeded();
        var (left, right) = (tiny.Inspect(fromConfig), tiny.Inspect(fromFlags));
        Assert.True(JsonNode.DeepEquals(left["training"]!["options"], right["training"]!["options"]), left["training"]!["options"]!.ToJsonString());

        // The same seed and the same settings: the same predictions, to the last digit.
        var text = File.ReadAllText(tiny.ValidFile);
        Assert.Equal(ToolRun.Of(["predict", fromFlags], text).Output, ToolRun.Of(["predict", fromConfig], text).Output);
    }

    [Fact]
    public void Flags_win_over_the_config_file()
    {
        var config = tiny.NewFile("config.json", """{"epochs": 50, "layers": 1}""");
        var model = tiny.NewPath("m.zip");
        ToolRun.Of("train", "ner", "--train", tiny.TrainFile, "--out", model, "--config", config, "--epochs", "1", "--hidden", "32", "--heads", "2", "--quiet").Succeeded();
        Assert.Equal(1, (int)tiny.Inspect(model)["training"]!["options"]!["epochs"]!);
    }

    [Theory]
    [InlineData("""{"epocks": 3}""", new[] { "line 1, column 2", "epocks", "Did you mean \"epochs\"" })]
    [InlineData("{\n  \"epochs\": \"3\"\n}", new[] { "line 2, column 3", "epochs", "whole number" })]
    [InlineData("""{"epochs": 2.5}""", new[] { "epochs", "2.5" })]
    [InlineData("""{"epochs": 0}""", new[] { "epochs", "1 to" })]
    [InlineData("""{"size": "huge"}""", new[] { "size", "tiny|small|base" })]
    [InlineData("""{"lowerCase": "yes"}""", new[] { "lowerCase", "true or false" })]
    [InlineData("""{"train": 5}""", new[] { "train", "text" })]
    [InlineData("{\"epochs\": }", new[] { "line 1", "not JSON" })]
    [InlineData("", new[] { "empty" })]
    [InlineData("[]", new[] { "JSON object" })]
    public void Bad_config_files_are_explained(string content, string[] words)
    {
        var config = tiny.NewFile("config.json", content);
        ToolRun.Of("train", "ner", "--config", config, "--train", tiny.TrainFile, "--out", tiny.NewPath("m.zip")).FailedWith(Tool.BadInput, ["config.json", .. words]);
    }

    [Fact]
    public void Plain_output_has_a_line_for_each_epoch_and_none_when_quiet()
    {
        var run = ToolRun.Of([.. tiny.Arguments(tiny.NewPath("m.zip")), "--valid", tiny.ValidFile]).Succeeded();
        Assert.Equal(3, run.Error.Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal) && line.Contains(" done", StringComparison.Ordinal)));
        Assert.DoesNotContain('\u001b', run.Error);
        Assert.Empty(ToolRun.Of([.. tiny.Arguments(tiny.NewPath("m.zip")), "--quiet"]).Succeeded().Error);
    }

    [Fact]
    public void Interrupted_training_keeps_the_best_model_so_far()
    {
        var model = tiny.NewPath("m.zip");
        using var stop = new CancellationTokenSource();
        using var error = new StopAfterFirstEpoch(stop);
        var run = ToolRun.Of([.. tiny.Arguments(model, epochs: 500), "--valid", tiny.ValidFile], "", error, stop.Token).Succeeded();
        Assert.Contains("best model so far", run.Error, StringComparison.Ordinal);
        ToolRun.Of("evaluate", model, "--data", tiny.ValidFile, "--json").Succeeded();
    }

    [Fact]
    public void Training_that_was_stopped_goes_on_with_the_seed_that_nobody_gave()
    {
        var (model, again) = (tiny.NewPath("m.zip"), tiny.NewPath("again.zip"));
        using var stop = new CancellationTokenSource();
        using var error = new StopAfterFirstEpoch(stop);
        Assert.Contains("--resume goes on from there", ToolRun.Of(Unseeded(model), "", error, stop.Token).Succeeded().Error, StringComparison.Ordinal);
        var seed = SeedIn(model);
        Assert.True(Directory.Exists(model + ".checkpoint"));

        ToolRun.Of([.. Unseeded(model), "--resume", "--seed", "12345678"]).FailedWith(Tool.BadInput, "'seed'", "12345678", $"{seed}");
        var resumed = ToolRun.Of([.. Unseeded(model), "--resume"]).Succeeded();
        Assert.DoesNotContain("begins anew", resumed.Error, StringComparison.Ordinal);
        Assert.Contains($"going on from the state in {model}.checkpoint", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(seed, SeedIn(model));
        Assert.Equal(seed, (int)tiny.Inspect(model)["training"]!["options"]!["seed"]!);
        Assert.False(Directory.Exists(model + ".checkpoint"));

        Assert.Contains("training begins at the start", ToolRun.Of([.. Unseeded(again), "--seed", $"{seed}", "--resume"]).Succeeded().Error, StringComparison.Ordinal);
        Assert.Equal(ToolRun.Of("predict", again, "--in", tiny.ValidFile).Output, ToolRun.Of("predict", model, "--in", tiny.ValidFile).Output);
    }

    [Fact]
    public void A_forgotten_resume_is_warned_of_and_costs_nothing_until_there_is_a_new_state()
    {
        var model = tiny.NewPath("m.zip");
        using var stop = new CancellationTokenSource();
        using var error = new StopAfterFirstEpoch(stop);
        ToolRun.Of(tiny.Arguments(model), "", error, stop.Token).Succeeded();
        var state = Path.Combine(model + ".checkpoint", "state.safetensors");
        var before = File.ReadAllBytes(state);
        ToolRun.Of("train", "ner", "--train", tiny.NewFile("bad.jsonl", "nonsense"), "--out", model).FailedWith(Tool.BadInput, "bad.jsonl", "begins anew", "--resume");
        Assert.Equal(before, File.ReadAllBytes(state));
    }

    [Fact]
    public void What_fails_after_training_costs_no_training()
    {
        var model = tiny.NewPath("m.zip");
        string[] arguments = [.. tiny.Arguments(model), "--valid", tiny.ValidFile];
        var config = tiny.NewFile("config.json", """{"evaluation": {"component": "mlnet.Clustering.Evaluate", "options": {"featureColumnName": "Text"}}}""");
        ToolRun.Of([.. arguments, "--config", config]).FailedWith(Tool.BadInput, "mlnet.Clustering.Evaluate");
        Assert.True(File.Exists(model));
        Assert.Equal(1, SeedIn(model));
        Assert.True(Directory.Exists(model + ".checkpoint"));

        Assert.DoesNotContain("epoch ", ToolRun.Of([.. arguments, "--resume"]).Succeeded().Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(model)!, "metrics.json")));
        Assert.False(Directory.Exists(model + ".checkpoint"));
    }

    [Fact]
    public void Training_interrupted_before_the_first_step_leaves_nothing()
    {
        var model = tiny.NewPath("m.zip");
        ToolRun.Of(tiny.Arguments(model), "", null, new CancellationToken(canceled: true)).FailedWith(Tool.Failure, "stopped");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
    }

    [Fact]
    public void Older_model_survives_a_failed_training()
    {
        var model = tiny.NewFile("m.zip", "the older model");
        var data = tiny.NewFile("bad.jsonl", "nonsense");
        ToolRun.Of("train", "ner", "--train", data, "--out", model).FailedWith(Tool.BadInput, "bad.jsonl");
        Assert.Equal("the older model", File.ReadAllText(model));
    }

    private string[] Unseeded(string output)
    {
        var arguments = tiny.Arguments(output, epochs: 4);
        var seed = Array.IndexOf(arguments, "--seed");
        return [.. arguments[..seed], .. arguments[(seed + 2)..], "--valid", tiny.ValidFile];
    }

    private static int SeedIn(string model) => (int)JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(model, ".config.json")))!["steps"]![0]!["options"]!["seed"]!;
}
