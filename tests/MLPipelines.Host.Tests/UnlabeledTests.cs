using System.Text.Json.Nodes;
using MLPipelines.Host.Models;

namespace MLPipelines.Host.Tests;

/// <summary><c>--unlabeled</c>: texts without labels for virtual adversarial training.</summary>
[Collection(ToolCollection.Name)]
public sealed class UnlabeledTests(TextModel text)
{
    private static readonly string[] s_texts = ["play that song again", "stop the music", "is it late, or not", "play something else"];

    public static TheoryData<string, string> Formats => new()
    {
        { "texts.txt", string.Join('\n', s_texts) + "\n\n" },
        { "texts.jsonl", string.Concat(s_texts.Select(line => new JsonObject { ["text"] = line }.ToJsonString() + "\n")) },
        { "texts.csv", "id,text\n" + string.Concat(s_texts.Select(line => $"1,\"{line}\"\n")) },
        { "texts.tsv", "text\tid\n" + string.Concat(s_texts.Select(line => $"{line}\t1\n")) },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Rows_of_every_format_change_the_training_in_the_same_way(string name, string content)
    {
        var train = text.Write("train.csv", TextModel.OrdersCsv());
        var (without, lines, other) = (Train(train), Train(train, text.Write("texts.txt", string.Join('\n', s_texts))), Train(train, text.Write(name, content)));
        Assert.NotEqual(without, other);
        Assert.Equal(lines, other);
    }

    [Theory]
    [InlineData("ner")]
    [InlineData("multilabel")]
    public void Every_task_takes_them_and_a_configuration_repeats_the_run(string task)
    {
        var train = task == "ner" ? Path.Combine(text.Samples, "train.jsonl") : Path.Combine(text.Samples, "moods.train.jsonl");
        var part = text.Write("train.jsonl", string.Join('\n', File.ReadLines(train).Take(16)));
        var (unlabeled, config, model, again) = (text.Write("texts.txt", "今天天气好\nwhat a day"), text.New("config.json"), text.New("model.zip"), text.New("again.zip"));
        File.WriteAllText(config, $$"""{ "task": "{{task}}", "data": { "train": "{{part}}", "unlabeled": "{{unlabeled}}" }, "options": { "vat": 1 }, "output": { "model": "{{model}}" } }""");
        ToolRun.Of(["train", "--config", config, "--quiet", .. TextModel.Flags(1)]).Succeeded();
        File.WriteAllText(config, ToolRun.Of("inspect", model, "--config").Succeeded().Output);
        Assert.Equal(unlabeled, (string)JsonNode.Parse(File.ReadAllText(config))!["data"]!["unlabeled"]!);
        ToolRun.Of("train", "--config", config, "--out", again, "--quiet").Succeeded();
        Assert.Equal(ModelWeights.Of(model), ModelWeights.Of(again));
        var report = JsonNode.Parse(ToolRun.Of("config", "check", config, "--json").Succeeded().Output)!;
        Assert.Equal(2, (int)report["files"]!["unlabeled"]!["rows"]!);
        Assert.DoesNotContain("no row has a label", report["advice"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_used_is_refused()
    {
        var (train, unlabeled, model) = (text.Write("train.csv", TextModel.OrdersCsv()), text.Write("texts.txt", "a\n"), text.New("model.zip"));
        Fails(["--unlabeled", unlabeled], "texts.txt", "adversarial training is off", "0.01 for spans");
        Fails(["--unlabeled", unlabeled, "--regularizers", "r-drop"], "adversarial training is off");
        Fails(["--unlabeled", "none.txt", "--vat", "1"], "none.txt", "does not exist");
        Fails(["--unlabeled", text.Write("empty.txt", ""), "--vat", "1"], "empty.txt", "no rows");
        Fails(["--unlabeled", text.Write("bad.jsonl", "{\"text\": \"a\"}\n{}\n"), "--vat", "1"], "bad.jsonl, line 2", "\"text\" is missing");
        Fails(["--unlabeled", text.Write("bad.csv", "a,b\n1,2\n"), "--vat", "1"], "bad.csv, line 1", "'a', 'b'", "--text-column");
        ToolRun.Of("train", "pipeline", "--unlabeled", unlabeled).FailedWith(Tool.BadInput, "--unlabeled");
        ToolRun.Of("train", "similarity", "--unlabeled", unlabeled).FailedWith(Tool.BadInput, "--unlabeled");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));

        // A regulariser that is given in full uses them too.
        ToolRun.Of(["train", "classification", "--train", train, "--out", model, "--quiet", "--unlabeled", unlabeled, "--regularizers", "vat", .. TextModel.Flags(1)]).Succeeded();

        void Fails(string[] flags, params string[] words) => ToolRun.Of(["train", "classification", "--train", train, "--out", model, .. flags, .. TextModel.Flags(1)]).FailedWith(Tool.BadInput, words);
    }

    [Fact]
    public void Pairs_need_both_texts()
    {
        var rows = string.Concat(Enumerable.Range(0, 12).Select(i => $$"""{"text": "is it {{i}}", "text2": "{{(i % 2 == 0 ? "yes" : "no")}}", "label": "{{(i % 2 == 0 ? "same" : "other")}}"}""" + "\n"));
        var (train, model) = (text.Write("train.jsonl", rows), text.New("model.zip"));
        string[] flags = ["train", "classification", "--train", train, "--second-text-column", "text2", "--out", model, "--vat", "1", "--quiet", .. TextModel.Flags(1)];
        ToolRun.Of([.. flags, "--unlabeled", text.Write("a.txt", "is it\n")]).FailedWith(Tool.BadInput, "a.txt, line 1", "\"text2\" is missing");
        ToolRun.Of([.. flags, "--unlabeled", text.Write("a.jsonl", "{\"text\": \"is it\", \"text2\": \"yes\"}\n")]).Succeeded();
    }

    private Dictionary<string, byte[]> Train(string train, string? unlabeled = null)
    {
        var model = text.New("model.zip");
        string[] more = unlabeled is null ? [] : ["--unlabeled", unlabeled];
        ToolRun.Of(["train", "classification", "--train", train, "--out", model, "--vat", "1", "--quiet", .. TextModel.Flags(2), .. more]).Succeeded();
        return ModelWeights.Of(model);
    }
}
