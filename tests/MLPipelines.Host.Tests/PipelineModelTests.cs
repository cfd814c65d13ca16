using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Host.Stock;

namespace MLPipelines.Host.Tests;

/// <summary>Models that end in a step of ML.NET's own, or of any other kind.</summary>
[Collection(ToolCollection.Name)]
public sealed class PipelineModelTests(TextModel text)
{
    private const string Metric = "average_distance";

    [Fact]
    public void K_means_after_whitening_predicts_and_is_measured_as_in_training()
    {
        var (model, folder) = Topics();
        var valid = Path.Combine(Repository.Root, "samples/data/valid.jsonl");
        var metrics = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "metrics.json")))!;
        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", valid, "--json").Succeeded().Output)!.AsObject();
        Assert.True((double)evaluated[Metric]! > 0);
        Assert.All(evaluated, pair => Assert.True(JsonNode.DeepEquals(pair.Value, metrics[pair.Key]), pair.Key));
        Assert.Contains("average distance", ToolRun.Of("evaluate", model, "--data", valid).Succeeded().Output, StringComparison.Ordinal);

        var answers = ToolRun.Of(["predict", model, "--quiet"], "{\"id\": 7, \"text\": \"王晓梅去上海\"}\n{\"id\": 8}\n{\"text\": 5}\nbad\n{\"text\": \"the weather is fine\"}\n").Succeeded().OutputLines;
        Assert.Equal(5, answers.Count);
        Assert.Equal(["id", "PredictedLabel", "Score", "text", "Vector"], answers[0].AsObject().Select(field => field.Key).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal((7, 16, 4), ((int)answers[0]["id"]!, answers[0]["Vector"]!.AsArray().Count, answers[0]["Score"]!.AsArray().Count));
        Assert.All((int[])[0, 4], i => Assert.InRange((int)answers[i]["PredictedLabel"]!, 1, 4));
        Assert.All((int[])[1, 2, 3], i => Assert.Contains($"line {i + 1}", (string?)answers[i]["error"] ?? "", StringComparison.Ordinal));
        Assert.Equal(8, (int)answers[1]["id"]!);

        // Other formats, chosen columns, another name of the text.
        var chosen = ToolRun.Of(["predict", model, "--columns", "PredictedLabel", "--format", "csv", "--text-column", "a"], "a,b\n王晓梅去上海,x\n").Succeeded().OutputLines[0].AsObject();
        Assert.Equal(["a", "b", "PredictedLabel"], chosen.Select(field => field.Key));
        Assert.Equal((int)answers[0]["PredictedLabel"]!, (int)chosen["PredictedLabel"]!);
        Assert.Equal((int)answers[0]["PredictedLabel"]!, (int)ToolRun.Of(["predict", model], "王晓梅去上海").Succeeded().OutputLines[0]["PredictedLabel"]!);
        ToolRun.Of(["predict", model, "--columns", "Cluster"], "x").FailedWith(Tool.BadInput, "--columns", "\"Cluster\"", "Text", "Vector, PredictedLabel, Score");
        ToolRun.Of(["predict", model, "--strict"], "{\"id\": 8}").FailedWith(Tool.BadInput, "line 1", "\"Text\" is missing");
    }

    [Fact]
    public void Another_evaluator_can_be_named()
    {
        var (model, _) = Topics();
        var valid = Path.Combine(Repository.Root, "samples/data/valid.jsonl");
        var plain = JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", valid, "--evaluation", "mlnet.clustering.evaluate", "--json").Succeeded().Output)!;
        Assert.True((double)plain[Metric]! > 0);
        var options = """{"component": "mlnet.Clustering.Evaluate", "options": {"featureColumnName": "Nothing"}}""";
        ToolRun.Of("evaluate", model, "--data", valid, "--evaluation", options).FailedWith(Tool.BadInput, "--evaluation", "mlnet.Clustering.Evaluate", "Nothing", "Vector (");
        ToolRun.Of("evaluate", model, "--data", valid, "--evaluation", "mlnet.Clusterin.Evaluate").FailedWith(Tool.BadInput, "--evaluation", "Did you mean \"mlnet.Clustering.Evaluate\"");
        ToolRun.Of("evaluate", model, "--data", valid, "--evaluation", "{").FailedWith(Tool.BadInput, "--evaluation", "not JSON");
        ToolRun.Of("evaluate", model, "--data", valid, "--drop", "NS").FailedWith(Tool.BadInput, "--drop", "pipeline");
        ToolRun.Of("evaluate", model, "--data", valid, "--offsets", "utf16").FailedWith(Tool.BadInput, "--offsets", "pipeline", "--numbers");
    }

    [Fact]
    public void Columns_that_later_steps_add_come_after_the_usual_fields()
    {
        var (model, metrics) = Orders("Class", """, "evaluation": {"component": "mlnet.MulticlassClassification.Evaluate", "options": {"labelColumnName": "Kind"}}""");
        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", OrdersFile(), "--json").Succeeded().Output)!.AsObject();
        Assert.Equal(1, (double)evaluated["micro_accuracy"]!);
        Assert.All(evaluated, pair => Assert.True(JsonNode.DeepEquals(pair.Value, metrics[pair.Key]), pair.Key));

        // The label is a column of the training data; rows need not have it.
        var row = ToolRun.Of(["predict", model], "{\"order\": \"play song 3\", \"label\": \"gold\"}").Succeeded().OutputLines[0];
        Assert.Equal(("play", "gold", "play"), ((string)row["label"]!, (string)row["gold_label"]!, (string)row["Class"]!));
        Assert.Equal(["ask", "play", "stop"], row["scores"]!.AsObject().Select(score => score.Key).Order());
        Assert.Null(row["Kind"]);
    }

    [Fact]
    public void Keys_that_a_later_step_turns_into_text_are_given_as_text()
    {
        var (model, _) = Orders("PredictedLabel");
        var table = text.Write("in.csv", "id,order\n1,play song 3\n2,\"is it, or not 5\"\n");
        var answers = ToolRun.Of("predict", model, "--in", table).Succeeded().OutputLines;
        Assert.Equal(["id", "order", "PredictedLabel", "Score"], answers[0].AsObject().Select(field => field.Key).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(["play", "ask"], answers.Select(answer => (string)answer["PredictedLabel"]!));
        Assert.Equal(1, answers[0]["Score"]!.AsArray().Sum(score => (double)score!), 1e-5);

        // A key as the value that it stands for, where the row has what it is made of.
        Assert.Equal("stop", (string)ToolRun.Of(["predict", model], "{\"order\": \"play song 3\", \"kind\": \"stop\"}").Succeeded().OutputLines[0]["Kind"]!);
        ToolRun.Of("evaluate", model, "--data", table).FailedWith(Tool.BadInput, "nothing says how to measure", "mlnet.MulticlassClassification.Evaluate");
    }

    [Fact]
    public void Linear_trainers_after_an_encoder_where_the_runtime_has_them()
    {
        const string Trainer = "mlnet.MulticlassClassification.Trainers.LbfgsMaximumEntropy";
        var (config, model) = (text.New("config.json"), text.New("model.zip"));
        File.WriteAllText(config, $$"""
            {
              "task": "pipeline", "data": { "train": "{{OrdersFile()}}", "valid": "{{OrdersFile()}}" },
              "steps": [
                { "component": "sentence-embedding", "options": { "inputColumn": "order", "encoder": { "vocabularyPath": "{{Path.Combine(text.Samples, "vocab.txt")}}", "size": "tiny" } } },
                { "component": "mlnet.Transforms.Conversion.MapValueToKey", "options": { "outputColumnName": "Label", "inputColumnName": "kind" } },
                { "component": "{{Trainer}}", "options": { "featureColumnName": "Vector" } },
                { "component": "mlnet.Transforms.Conversion.MapKeyToValue", "options": { "outputColumnName": "Class", "inputColumnName": "PredictedLabel" } }
              ],
              "evaluation": "mlnet.MulticlassClassification.Evaluate"
            }
            """);
        var trained = ToolRun.Of("train", "--config", config, "--out", model, "--json", "--quiet");
        if (!StockCatalog.Instance.Steps.ContainsKey(Trainer))
        {
            trained.FailedWith(Tool.BadInput, "config.json", "this ML.NET runtime has no step", Trainer);
            return;
        }

        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", OrdersFile(), "--json").Succeeded().Output)!;
        Assert.Equal((double)trained.Succeeded().OutputLines[0]["log_loss"]!, (double)evaluated["log_loss"]!);
        Assert.Contains((string)ToolRun.Of(["predict", model], "{\"order\": \"play song 3\"}").Succeeded().OutputLines[0]["Class"]!, (string[])["ask", "play", "stop"]);
    }

    [Fact]
    public void Classifiers_that_vote_are_trained_measured_and_used_like_one()
    {
        var (config, model, data) = (Path.Combine(Repository.Root, "samples/configs/voting.json"), text.New("model.zip"), OrdersFile());
        string[] small = ["--text-column", "order", "--label-column", "kind", "--layers", "1", "--hidden", "16", "--heads", "2", "--epochs", "6", "--batch", "8", "--lr", "1e-2", "--dropout", "0", "--quiet"];
        var trained = ToolRun.Of(["train", "--config", config, "--train", data, "--valid", data, "--out", model, "--json", .. small]).Succeeded().OutputLines[0];
        var evaluated = JsonNode.Parse(ToolRun.Of("evaluate", model, "--data", data, "--json").Succeeded().Output)!.AsObject();
        Assert.Equal(["accuracy", "macro_f1", "log_loss", "support", "per_label"], evaluated.Select(metric => metric.Key));
        Assert.Equal(((double)trained["accuracy"]!, (double)trained["log_loss"]!), ((double)evaluated["accuracy"]!, (double)evaluated["log_loss"]!));

        var steps = JsonNode.Parse(ToolRun.Of("inspect", model, "--config").Succeeded().Output)!["steps"]!.AsArray();
        Assert.Equal([700, 1000, 1500], steps.Select(step => step!["options"]!["vocabularySize"]).OfType<JsonNode>().Select(size => (int)size));
        Assert.All(steps.Where(step => (string)step!["component"]! == "trainer.text-classification.v1"), step => Assert.Equal(6, (int)step!["options"]!["epochs"]!));

        // The answer is the vote's, not the last classifier's.
        var row = ToolRun.Of(["predict", model], """{"order": "play song 3", "id": 7}""").Succeeded().OutputLines[0];
        var votes = ToolRun.Of(["predict", model, "--columns", "First,Second,Score"], """{"order": "play song 3"}""").Succeeded().OutputLines[0];
        Assert.Equal(["id", "label", "order", "scores"], row.AsObject().Select(field => field.Key).Order());
        double[] scores = [.. row["scores"]!.AsObject().Select(score => (double)score.Value!)];
        Assert.Equal(votes["Score"]!.AsArray().Select(score => (double)score!), scores, (one, other) => Math.Abs(one - other) < 1e-5);
        Assert.NotEqual(votes["First"]!.ToJsonString(), votes["Score"]!.ToJsonString());
        Assert.Equal(row["scores"]!.AsObject().MaxBy(score => (double)score.Value!).Key, (string)row["label"]!);

        // A column that is not there is found before anything is trained.
        var bad = text.Write("bad.json", File.ReadAllText(config).Replace("\"Second\", \"Score\"", "\"Second\", \"Third\"", StringComparison.Ordinal));
        ToolRun.Of(["train", "--config", bad, "--train", data, "--out", model, .. small]).FailedWith(Tool.BadInput, "step 6 of 6", "'Third'", "First");
    }

    [Fact]
    public void A_record_of_a_table_may_have_several_lines()
    {
        var (config, model) = (text.New("config.json"), text.New("model.zip"));
        File.WriteAllText(config, $$"""
            {
              "task": "pipeline", "data": { "train": "{{text.Write("lines.csv", "order,kind\n\"play\nsong 3\",play\nstop it,stop\n")}}" },
              "steps": [ { "component": "mlnet.Transforms.Conversion.MapValueToKey", "options": { "outputColumnName": "Key", "inputColumnName": "order" } } ]
            }
            """);
        ToolRun.Of("train", "--config", config, "--out", model, "--quiet").Succeeded();
        var open = text.Write("open.csv", "order,kind\nplay,play\n\"song 3,play\n");
        ToolRun.Of("train", "--config", config, "--train", open, "--out", model, "--quiet").FailedWith(Tool.BadInput, "A quoted field opened on line 2 was never closed", "ML.NET counts records, from 0");
        Assert.Equal("play\nsong 3", (string)ToolRun.Of(["predict", model, "--columns", "Key"], """{"order": "play\nsong 3"}""").Succeeded().OutputLines[0]["Key"]!);
    }

    [Fact]
    public void Models_saved_by_an_application_read_fields_of_the_types_of_their_columns()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable([new Measured()]);
        var fitted = context.Transforms.Concatenate("Features", nameof(Measured.Height), nameof(Measured.Parts)).Append(context.Transforms.CopyColumns("Flag", nameof(Measured.IsOld))).Append(context.Transforms.CopyColumns("Long", nameof(Measured.Count))).Fit(data);
        var model = text.New("stock.zip");
        context.Model.Save(fitted, data.Schema, model);

        var answers = ToolRun.Of(["predict", model, "--quiet", "--format", "jsonlines", "--columns", "Features,Flag,Long"], string.Join('\n',
            """{"Height": 1.5, "parts": [2, "3"], "IsOld": true, "Count": 9007199254740993}""",
            """{"Height": "", "Parts": [0, 0], "IsOld": "false", "Count": "-4"}""",
            """{"Height": 1.5, "Parts": [2], "IsOld": true, "Count": 1}""",
            """{"Height": true, "Parts": [2, 3], "IsOld": true, "Count": 1}""",
            """{"Height": 1, "Parts": [2, 3], "IsOld": "perhaps", "Count": 1}""",
            """{"Height": 1, "Parts": [2, 3], "IsOld": true, "Count": 1.5}""",
            """{"Parts": [2, 3], "IsOld": true, "Count": 1}""",
            """{"Height": "\ud800"}""")).Succeeded().OutputLines;
        Assert.Equal("[1.5,2,3]", answers[0]["Features"]!.ToJsonString());
        Assert.Equal((true, 9007199254740993), ((bool)answers[0]["Flag"]!, (long)answers[0]["Long"]!));
        Assert.Equal(("[0,0,0]", false, -4), (answers[1]["Features"]!.ToJsonString(), (bool)answers[1]["Flag"]!, (long)answers[1]["Long"]!));
        string[] words = ["\"Parts\" is [2], expected a list of 2, each a number", "\"Height\" is true, expected a number", "\"IsOld\" is \"perhaps\", expected true or false", "\"Count\" is 1.5, expected a number", "\"Height\" is missing", "not valid Unicode"];
        Assert.All(words.Zip(answers.Skip(2)), pair => Assert.Contains(pair.First, (string)pair.Second["error"]!, StringComparison.Ordinal));

        // By default the last step's column is what a row has to have the fields for.
        var partly = ToolRun.Of(["predict", model], """{"Count": 3, "IsOld": true}""").Succeeded().OutputLines[0].AsObject();
        Assert.Equal(["Count", "IsOld", "Flag", "Long"], partly.Select(field => field.Key));
        Assert.Contains("Features", ToolRun.Of("inspect", model).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_vectors_and_what_is_no_number_are_written()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable([new Measured { Height = float.NaN, Parts = [float.PositiveInfinity, 0] }]);
        var keys = context.Transforms.Conversion.MapValueToKey("Key", nameof(Measured.Count)).Append(context.Transforms.CopyColumns("Copy", nameof(Measured.Height))).Fit(data);
        var model = text.New("stock.zip");
        context.Model.Save(keys, data.Schema, model);
        var row = ToolRun.Of(["predict", model, "--columns", "Key,Copy,Parts"], """{"Count": 0, "Height": "NaN", "Parts": [1, "Infinity"]}""" + "\n" + """{"Count": 5, "Height": 1, "Parts": [0, 1]}""").Succeeded().OutputLines;
        Assert.Equal("0", row[0]["Key"]!.ToJsonString());
        Assert.Null(row[0]["Copy"]);
        Assert.Equal("[1,null]", row[0]["Parts"]!.ToJsonString());
        Assert.Null(row[1]["Key"]);
        Assert.True(row[1].AsObject().ContainsKey("Key"));
    }

    [Fact]
    public void Models_saved_without_their_columns_are_explained()
    {
        var context = new MLContext(1);
        var model = text.New("bare.zip");
        context.Model.Save(context.Transforms.CopyColumns("Copy", "Height").Fit(context.Data.LoadFromEnumerable([new Measured()])), null, model);
        ToolRun.Of(["predict", model], "{}").FailedWith(Tool.BadInput, "bare.zip", "without the columns", "mlContext.Model.Save");
        Assert.Contains("ColumnCopyingTransformer", ToolRun.Of("inspect", model, "--json").Succeeded().Output, StringComparison.Ordinal);
    }

    private string OrdersFile() => text.Write("orders.csv", TextModel.OrdersCsv("order,kind"));

    /// <summary>A classifier in a pipeline, with a step after it.</summary>
    private (string Model, JsonNode Metrics) Orders(string output, string evaluation = "")
    {
        var (config, model, data) = (text.New("config.json"), text.New("model.zip"), OrdersFile());
        var valid = evaluation.Length == 0 ? "" : $", \"valid\": \"{data}\"";
        File.WriteAllText(config, $$"""
            {
              "task": "pipeline", "data": { "train": "{{data}}"{{valid}} },
              "steps": [
                { "component": "mlnet.Transforms.Conversion.MapValueToKey", "options": { "outputColumnName": "Kind", "inputColumnName": "kind" } },
                { "component": "text-classification", "options": { "textColumn": "order", "labelColumn": "Kind", "layers": 1, "hiddenSize": 32, "heads": 2, "epochs": 12, "batchSize": 8, "learningRate": 1e-2, "seed": 1, "dropout": 0 } },
                { "component": "mlnet.Transforms.Conversion.MapKeyToValue", "options": { "outputColumnName": "{{output}}", "inputColumnName": "PredictedLabel" } }
              ]{{evaluation}}
            }
            """);
        ToolRun.Of("train", "--config", config, "--out", model, "--quiet").Succeeded();
        return (model, JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(model)!, "metrics.json")))!);
    }

    private (string Model, string Folder) Topics()
    {
        var model = text.New("topics.zip");
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.Root);
        try
        {
            ToolRun.Of("train", "--config", "samples/configs/topics.json", "--out", model, "--quiet").Succeeded();
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        return (model, Path.GetDirectoryName(model)!);
    }

    private sealed class Measured
    {
        public float Height { get; set; }

        [VectorType(2)]
        public float[] Parts { get; set; } = [0, 0];

        public bool IsOld { get; set; }

        public long Count { get; set; }
    }
}
