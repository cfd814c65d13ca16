using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class PretrainTests(TextModel text)
{
    private string Texts() => text.Write("texts.txt", string.Concat(Enumerable.Range(0, 80).Select(i => (i % 4) switch { 0 => "play some music now\n", 1 => "stop the music\n", 2 => "今天天气很好\n", _ => "\n" })));

    [Fact]
    public void A_pretrained_encoder_is_where_every_task_can_start()
    {
        var encoder = text.New("encoder");
        var run = ToolRun.Of(["pretrain", "--texts", Texts(), "--out", encoder, "--json", "--validation-fraction", "0.1", .. TextModel.Flags(60)]).Succeeded();
        var report = JsonNode.Parse(run.Output)!;
        Assert.Equal("completed", (string)report["outcome"]!);
        Assert.InRange((double)report["accuracy"]!, 0.3, 1);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"], Directory.GetFiles(encoder).Select(Path.GetFileName).Order());
        Assert.False(Directory.Exists(encoder + ".checkpoint"));

        string[] flags = ["--encoder", encoder, "--epochs", "1", "--batch", "8", "--device", "cpu", "--quiet"];
        ToolRun.Of(["train", "classification", "--train", text.Write("train.csv", TextModel.OrdersCsv()), "--out", text.New("c.zip"), .. flags]).Succeeded();
        ToolRun.Of(["train", "multilabel", "--train", Path.Combine(text.Samples, "moods.train.jsonl"), "--out", text.New("m.zip"), .. flags]).Succeeded();
        ToolRun.Of(["train", "ner", "--train", text.Write("ner.jsonl", """{"text": "play music", "entities": [{"start": 5, "end": 10, "label": "what"}]}"""), "--out", text.New("n.zip"), .. flags]).Succeeded();
    }

    [Fact]
    public void The_time_limit_is_kept()
    {
        var run = ToolRun.Of(["pretrain", "--texts", Texts(), "--out", text.New("encoder"), "--json", "--minutes", "0.03", .. TextModel.Flags(10_000)]).Succeeded();
        Assert.Equal("timelimit", (string)JsonNode.Parse(run.Output)!["outcome"]!);
    }

    [Fact]
    public void Pretraining_that_was_stopped_goes_on()
    {
        var (texts, whole, stopped) = (Texts(), text.New("whole"), text.New("stopped"));
        string[] Arguments(string encoder) => ["pretrain", "--texts", texts, "--out", encoder, .. TextModel.Flags(4)];
        ToolRun.Of(Arguments(whole)).Succeeded();
        using var stop = new CancellationTokenSource();
        using var error = new StopAfterFirstEpoch(stop);
        Assert.Contains("--resume", ToolRun.Of(Arguments(stopped), "", error, stop.Token).Succeeded().Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(stopped + ".checkpoint"));
        ToolRun.Of([.. Arguments(stopped), "--resume"]).Succeeded();
        Assert.False(Directory.Exists(stopped + ".checkpoint"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(stopped, "model.safetensors")));
    }

    [Fact]
    public void Bad_input_is_explained()
    {
        ToolRun.Of("pretrain", "--texts", text.Write("empty.txt", "\n\n"), "--out", text.New("e"), "--regularizers", "r-drop").FailedWith(Tool.BadInput, "step.r-drop.v1");
        ToolRun.Of("pretrain", "--texts", "none.txt", "--out", text.New("e")).FailedWith(Tool.BadInput, "none.txt", "does not exist");
        ToolRun.Of("pretrain", "--texts", text.Write("empty.txt", "\n\n"), "--out", text.New("e")).FailedWith(Tool.BadInput, "empty");
        ToolRun.Of("pretrain", "--texts", Texts(), "--out", text.Write("file", "x")).FailedWith(Tool.BadInput, "is a file");
        ToolRun.Of("pretrain", "--texts", Texts(), "--out", text.New("e"), "--masked-share", "2").FailedWith(Tool.BadInput, "--masked-share", "0.9");
    }
}
