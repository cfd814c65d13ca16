using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Host.Config;
using MLPipelines.Host.Training;
using MLPipelines.Persistence;

namespace MLPipelines.Host.Tests.Config;

[Collection(ToolCollection.Name)]
public sealed class ConfigTests(TinyModel tiny)
{
    public static TheoryData<string> Tasks => [.. TrainTasks.All.Select(task => task.Name)];

    [Fact]
    public void Run_can_be_repeated_from_the_model()
    {
        var (folder, again) = (Path.GetDirectoryName(tiny.NewPath("x"))!, tiny.NewPath("again.json"));
        File.WriteAllText(again, ToolRun.Of("inspect", tiny.ModelFile, "--config").Succeeded().Output);
        var (model, metrics) = (Path.Combine(folder, "again.zip"), Path.Combine(folder, "metrics.json"));
        ToolRun.Of("train", "--config", again, "--out", model, "--metrics", metrics, "--save-config", Path.Combine(folder, "resolved.json"), "--quiet").Succeeded();

        var (first, second) = (ModelWeights.Of(tiny.ModelFile), ModelWeights.Of(model));
        Assert.NotEmpty(first);
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.All(first, pair => Assert.True(pair.Value.AsSpan().SequenceEqual(second[pair.Key]), pair.Key));
        Assert.Equal(0.0, JsonNode.Parse(File.ReadAllText(metrics))!["f1"]!.GetValue<double>() - JsonNode.Parse(tiny.Training.Output)!["f1"]!.GetValue<double>());
    }

    [Fact]
    public void Seed_that_nobody_gave_is_written_down()
    {
        var model = tiny.NewPath("m.zip");
        string[] arguments = [.. tiny.Arguments(model, epochs: 1).TakeWhile(argument => argument != "--seed"), "--head-size", "16", "--threads", "1", "--quiet"];
        ToolRun.Of(arguments).Succeeded();
        var config = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(model, ".config.json")))!;
        Assert.Equal(System.Text.Json.JsonValueKind.Number, config["steps"]![0]!["options"]!["seed"]!.GetValueKind());
        Assert.True(JsonNode.DeepEquals(config, JsonNode.Parse(ToolRun.Of("inspect", model, "--config").Succeeded().Output)));
    }

    [Fact]
    public void Metrics_file_says_what_the_run_and_a_later_evaluation_say()
    {
        var metrics = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(tiny.ModelFile)!, "metrics.json")))!.AsObject();
        Assert.True(JsonNode.DeepEquals(metrics, JsonNode.Parse(tiny.Training.Output)));
        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", tiny.ModelFile, "--data", tiny.ValidFile, "--json").Succeeded().Output)!.AsObject();
        Assert.All(evaluated, pair => Assert.True(JsonNode.DeepEquals(pair.Value, metrics[pair.Key]), pair.Key));
    }

    [Fact]
    public void Steps_of_both_kinds_are_mixed()
    {
        var config = tiny.NewFile("config.json", $$"""
            {
              "task": "ner",
              "data": { "train": "{{tiny.TrainFile}}", "valid": "{{tiny.ValidFile}}" },
              "steps": [
                { "component": "mlnet.transforms.copycolumns", "options": { "outputColumnName": "Sentence", "inputColumnName": "Text" } },
                { "component": "global-pointer", "options": { "textColumn": "Sentence", "layers": 1, "hiddenSize": 32, "heads": 2, "epochs": 9, "batchSize": 16, "learningRate": 5e-3, "seed": 1, "headSize": 16, "threads": 1 } }
              ]
            }
            """);
        var model = tiny.NewPath("m.zip");
        var run = ToolRun.Of("train", "--config", config, "--out", model, "--epochs", "3", "--json", "--quiet").Succeeded();

        // Nothing but the copied column differs from the model that all tests use.
        Assert.Equal((double)JsonNode.Parse(tiny.Training.Output)!["f1"]!, (double)run.OutputLines[0]["f1"]!);
        Assert.Equal((double)run.OutputLines[0]["f1"]!, (double)JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", tiny.ValidFile, "--json").Succeeded().Output)!["f1"]!);
        Assert.Equal(["ColumnCopyingTransformer", "BatchedTransformer"], tiny.Inspect(model)["steps"]!.AsArray().Select(step => (string)step!));
    }

    [Fact]
    public void Whitening_stands_between_an_encoder_and_K_means()
    {
        var model = tiny.NewPath("topics.zip");
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.Root);
        try
        {
            var run = ToolRun.Of("train", "--config", "samples/configs/topics.json", "--out", model, "--json", "--quiet").Succeeded();
            Assert.True((double)run.OutputLines[0]["average_distance"]! > 0);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        var context = new MLContext();
        using var loaded = (IDisposable)context.Model.Load(model, out _);
        var scored = ((ITransformer)loaded).Transform(context.Data.LoadFromEnumerable([new Sentence { Text = "王晓梅去上海" }, new Sentence { Text = "the weather is fine" }]));
        using var cursor = scored.GetRowCursor(scored.Schema);
        var get = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        var cluster = 0u;
        while (cursor.MoveNext())
        {
            get(ref cluster);
            Assert.InRange(cluster, 1u, 4u);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Default_configuration_is_valid_and_says_what_the_flags_default_to(string task)
    {
        var text = ToolRun.Of("config", "init", "--task", task).Succeeded().Output;
        var file = tiny.NewFile("init.json", text);
        var plan = PlanFlags.Read(file);
        var known = TrainTasks.All.Single(other => other.Name == task);
        Assert.Equal(task, plan.Task.Name);
        if (known.Defaults is { } defaults)
        {
            var expected = OptionsJson.Write(known.Adapt(defaults, known.Data));
            var actual = OptionsJson.Write(plan.Trainer!);
            (expected["seed"], actual["seed"]) = (null, null);
            (expected["checkpointDirectory"], actual["checkpointDirectory"]) = (null, null);
            Assert.Equal(expected.ToJsonString(), actual.ToJsonString());
        }

        var settings = new PlanFlags(known);
        Assert.All(settings.Trainer.Concat(settings.Data), setting => Assert.Contains(setting.Description.TrimEnd('.'), text, StringComparison.Ordinal));
    }

    [Fact]
    public void Schema_knows_every_key_of_the_default_configurations_and_every_step()
    {
        var schema = JsonNode.Parse(ToolRun.Of("config", "schema").Succeeded().Output)!;
        var properties = schema["properties"]!.AsObject();
        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        Assert.Equal(TrainTasks.All.Select(task => task.Name), properties["task"]!["enum"]!.AsArray().Select(name => (string)name!));
        foreach (var task in TrainTasks.All)
        {
            var flags = new PlanFlags(task);
            Assert.All(flags.Trainer.Where(setting => setting.Path.Count == 1), setting => Assert.NotNull(properties["options"]!["properties"]![setting.JsonPath]));
            Assert.All(flags.Data, setting => Assert.NotNull(properties["data"]!["properties"]![setting.JsonPath]));
        }

        var epochs = properties["options"]!["properties"]!["epochs"]!;
        Assert.Equal((1, 100_000, 10), ((int)epochs["minimum"]!, (int)epochs["maximum"]!, (int)epochs["default"]!));
        Assert.StartsWith("Passes over the training data", (string)epochs["description"]!, StringComparison.Ordinal);
        Assert.NotNull(schema["$defs"]!["transform.whitening.v1"]!["properties"]!["beta"]);
        // A component that need not be named, and one that has to be.
        var trainer = schema["$defs"]!["trainer.global-pointer.v1"]!["properties"]!;
        Assert.Equal((true, false), (MayBeNull("tokenizer"), MayBeNull("architecture")));
        Assert.NotNull(schema["$defs"]!["mlnet.Transforms.CopyColumns"]!["properties"]!["inputColumnName"]);

        bool MayBeNull(string option) => trainer[option]!["anyOf"]!.AsArray().Any(type => (string?)type!["type"] == "null");
    }

    [Fact]
    public void Check_tells_pairs_that_are_shortened_from_texts_that_are_read_in_windows()
    {
        // With [CLS] and two [SEP] the second pair has 9 tokens, one too many.
        var train = tiny.NewFile("pairs.jsonl", """
            {"text": "a b c", "text2": "d e", "label": "x"}
            {"text": "a b c", "text2": "d e f", "label": "y"}
            {"text": "a b", "text2": "d e f g h i j", "label": "x"}
            """);
        var config = tiny.NewFile("config.json", $$"""{"task": "classification", "train": "{{train}}", "out": "m.zip", "maximumLength": 8, "windowOverlap": 2, "secondTextColumn": "text2"}""");
        var report = JsonNode.Parse(ToolRun.Of("config", "check", config, "--json").Succeeded().Output)!;
        var found = report["files"]!["training"]!;
        Assert.Equal((3, 0, 2), ((int)found["rows"]!, (int)found["too_long"]!, (int)found["shortened"]!));
        Assert.Contains("2 rows (2, 3) are pairs of more than 8 tokens and are shortened", string.Join('\n', report["advice"]!.AsArray().Select(line => (string)line!)), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_finds_what_is_wrong_with_the_data()
    {
        string[] rows =
        [
            """{"text": "王明去上海", "entities": [{"start": 0, "end": 2, "label": "person"}]}""",
            """{"text": "王明去上海", "entities": [{"start": 0, "end": 2, "label": "person"}]}""",
            """{"text": "王明去上海", "entities": [{"start": 3, "end": 5, "label": "place"}]}""",
            """{"text": "the meeting", "entities": [{"start": 3, "end": 5, "label": "place"}]}""",
            """{"text": "", "entities": []}""",
            $$"""{"text": "{{new string('长', 40)}}", "entities": []}""",
        ];
        var (train, valid) = (tiny.NewFile("train.jsonl", string.Join('\n', rows)), tiny.NewFile("valid.jsonl", rows[0] + "\n" + """{"text": "x", "entities": [{"start": 0, "end": 1, "label": "other"}]}"""));
        var config = tiny.NewFile("config.json", $$"""{"task": "ner", "train": "{{train}}", "valid": "{{valid}}", "out": "m.zip", "maximumLength": 32, "windowOverlap": 8}""");

        var report = JsonNode.Parse(ToolRun.Of("config", "check", config, "--json").Succeeded().Output)!;
        var found = report["files"]!["training"]!;
        Assert.Equal((6, 1, 1, 1, 1, 1), ((int)found["rows"]!, (int)found["duplicates"]!, (int)found["contradictions"]!, (int)found["empty"]!, (int)found["off_token_boundaries"]!, (int)found["too_long"]!));
        Assert.Equal((2, 2), ((int)found["labels"]!["person"]!, (int)found["labels"]!["place"]!));
        Assert.Equal([4L, 1, 0, 0, 1], found["lengths"]!.AsArray().Select(count => (long)count!));
        var advice = string.Join('\n', report["advice"]!.AsArray().Select(line => (string)line!));
        Assert.All(
            (string[])["1 row (2) repeat", "1 row (3) have the text", "1 row (4) have spans", "1 row (5) have no text", "1 row (6) are longer than 32", "person (2), place (2)", "1 texts are in the training data too", "never have: other"],
            words => Assert.Contains(words, advice, StringComparison.Ordinal));
        Assert.Contains("1 row (3) have the text", ToolRun.Of("config", "check", config).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.csv", "order,kind\nplay it,play\nplay it,play\nplay it,stop\n\"stop, now\",stop\n,ask\n", """ "task": "classification", "textColumn": "order", "labelColumn": "kind" """)]
    [InlineData("train.tsv", "play it\tplay\nplay it\tplay\nplay it\tstop\nstop, now\tstop\n\task\n", """ "task": "classification", "textColumn": "0", "labelColumn": "1" """)]
    [InlineData("train.tsv", "play it\t0\nplay it\t0\nplay it\t1\nstop, now\t1\n\t2\n", """ "task": "multilabel", "textColumn": "0", "labelColumn": "1", "labelNames": "NAMES" """)]
    [InlineData("train.jsonl", "{\"text\": \"play it\", \"label\": \"play\"}\n{\"text\": \"play it\", \"label\": \"play\"}\n{\"text\": \"play it\", \"label\": \"stop\"}\n{\"text\": \"stop, now\", \"label\": \"stop\"}\n{\"text\": \"\", \"label\": \"ask\"}\n", """ "task": "classification" """)]
    [InlineData("train.csv", "order,kind\nplay it,play\nplay it,play\nplay it,stop\n\"stop, now\",stop\n,ask\n", """
         "task": "pipeline", "steps": [
           { "component": "mlnet.Transforms.Conversion.MapValueToKey", "options": { "outputColumnName": "Kind", "inputColumnName": "kind" } },
           { "component": "text-classification", "options": { "textColumn": "order", "labelColumn": "Kind" } } ]
        """)]
    public void Check_counts_labels_of_every_format(string name, string content, string settings)
    {
        var (train, names) = (tiny.NewFile(name, content), tiny.NewFile("names.txt", "play\nstop\nask\n"));
        var config = tiny.NewFile("config.json", $$"""{ {{settings.Replace("NAMES", names, StringComparison.Ordinal)}}, "data": { "train": "{{train}}" }, "output": { "model": "m.zip" } }""");
        var report = JsonNode.Parse(ToolRun.Of("config", "check", config, "--json").Succeeded().Output)!;
        var found = report["files"]!["training"]!;
        Assert.Equal("""{"ask":1,"play":2,"stop":2}""", found["labels"]!.ToJsonString());
        Assert.Equal((5, 1, 1, 1, 0), ((int)found["rows"]!, (int)found["duplicates"]!, (int)found["contradictions"]!, (int)found["empty"]!, (int)found["unlabeled"]!));
        var advice = string.Join('\n', report["advice"]!.AsArray().Select(line => (string)line!));
        Assert.All((string[])["1 row (2) repeat", "1 row (3) have the text", "1 row (5) have no text", "ask (1), play (2), stop (2)"], words => Assert.Contains(words, advice, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_says_when_training_will_refuse_the_data()
    {
        var (train, valid) = (tiny.NewFile("train.jsonl", """{"text": "a", "labels": ["x"]}"""), tiny.NewFile("valid.jsonl", """{"text": "b", "labels": ["y"]}"""));
        var config = tiny.NewFile("config.json", $$"""{"task": "multilabel", "train": "{{train}}", "valid": "{{valid}}", "out": "m.zip"}""");
        Assert.Contains("never have: y. Training refuses such data", ToolRun.Of("config", "check", config, "--json").Succeeded().Output, StringComparison.Ordinal);
    }

    private sealed class Sentence
    {
        public string Text { get; set; } = "";
    }
}
