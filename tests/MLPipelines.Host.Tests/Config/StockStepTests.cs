using System.Text.Json.Nodes;
using Microsoft.ML;

namespace MLPipelines.Host.Tests.Config;

[Collection(ToolCollection.Name)]
public sealed class StockStepTests(TinyModel tiny)
{
    private static readonly string[] s_chinese = ["今天下雨了", "我去上海", "会议在三楼", "他买了两本书", "火车晚点了", "请发给我文件"];
    private static readonly string[] s_english = ["it rains today", "I go to Vienna", "the meeting is at ten", "she bought two books", "the train is late", "please send me the file"];

    [Fact]
    public void Whitening_and_a_normalizer_stand_before_a_linear_trainer()
    {
        var rows = s_chinese.Select(text => Line(text, "zh")).Concat(s_english.Select(text => Line(text, "en"))).ToArray();
        var data = tiny.NewFile("languages.jsonl", string.Join('\n', rows));
        var config = tiny.NewFile("languages.json", $$"""
            {
              "task": "pipeline",
              "data": { "train": "{{data}}", "valid": "{{data}}" },
              "steps": [
                { "component": "mlnet.Transforms.Conversion.MapValueToKey", "options": { "outputColumnName": "Label" } },
                { "component": "sentence-embedding", "options": { "encoder": { "vocabularyPath": "{{Path.Combine(Repository.Root, "samples/data/vocab.txt")}}", "size": "tiny" } } },
                { "component": "whitening", "options": { "dimensions": 4, "gamma": 1 } },
                { "component": "mlnet.Transforms.NormalizeMeanVariance", "options": { "outputColumnName": "Features", "inputColumnName": "Vector", "fixZero": false } },
                { "component": "mlnet.MulticlassClassification.Trainers.LbfgsMaximumEntropy", "options": { "l1Regularization": 0, "l2Regularization": 0.01 } },
                { "component": "mlnet.Transforms.Conversion.MapKeyToValue", "options": { "outputColumnName": "PredictedLabel" } },
              ],
              "evaluation": "mlnet.MulticlassClassification.Evaluate",
            }
            """);
        var model = tiny.NewPath("languages.zip");
        var run = ToolRun.Of("train", "--config", config, "--out", model, "--json", "--quiet").Succeeded();
        Assert.Equal(1, (double)run.OutputLines[0]["micro_accuracy"]!);

        using var loaded = (IDisposable)new MLContext().Model.Load(model, out _);
        var context = new MLContext();
        using var engine = context.Model.CreatePredictionEngine<Sentence, Answer>((ITransformer)loaded);
        Assert.Equal("zh", engine.Predict(new Sentence { Text = s_chinese[0] }).PredictedLabel);
        Assert.Equal("en", engine.Predict(new Sentence { Text = s_english[0] }).PredictedLabel);
    }

    [Theory]
    [InlineData("mlnet.Transforms.NormalizeMinMax")]
    [InlineData("mlnet.Transforms.NormalizeMeanVariance")]
    [InlineData("mlnet.Transforms.NormalizeLpNorm")]
    [InlineData("mlnet.MulticlassClassification.Trainers.LbfgsMaximumEntropy")]
    [InlineData("mlnet.Clustering.Trainers.KMeans")]
    public void Steps_of_ML_NET_are_listed_with_what_they_take(string step)
    {
        var schema = JsonNode.Parse(ToolRun.Of("config", "schema").Succeeded().Output)!["$defs"]![step]!;
        Assert.NotEmpty(schema["properties"]!.AsObject());
        Assert.Contains(step, ToolRun.Of("components").Succeeded().Output, StringComparison.Ordinal);
    }

    private static string Line(string text, string label) => new JsonObject { ["text"] = text, ["label"] = label }.ToJsonString();

    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";
    }
}
