using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class BadInputTests(TinyModel tiny)
{
    private const string Good = """{"text": "王明去上海", "entities": [{"start": 0, "end": 2, "label": "person"}]}""";

    public static TheoryData<string, string, string[]> BadTrainingFiles => new()
    {
        { "empty file", "", ["no rows"] },
        { "not JSON", Good + "\nthis is no JSON\n", ["line 2", "column 2", "not JSON"] },
        { "not an object", Good + "\n[1]\n", ["line 2", "not an object"] },
        { "no text", """{"entities": []}""", ["line 1", "'text' is missing"] },
        { "no entities", """{"text": "a"}""", ["line 1", "'entities' is missing"] },
        { "no label", """{"text": "abc", "entities": [{"start": 0, "end": 1}]}""", ["line 1", "label"] },
        { "span outside the text", """{"text": "abc", "entities": [{"start": 1, "end": 4, "label": "x"}]}""", ["line 1", "outside the text", "0 to 3"] },
        { "negative start", """{"text": "abc", "entities": [{"start": -1, "end": 2, "label": "x"}]}""", ["line 1", "outside the text"] },
        { "start not before end", """{"text": "abc", "entities": [{"start": 2, "end": 2, "label": "x"}]}""", ["line 1", "start", "end"] },
        { "offset that is no number", """{"text": "abc", "entities": [{"start": "0", "end": 2, "label": "x"}]}""", ["line 1", "whole number"] },
        { "zero entities", """{"text": "abc", "entities": []}""", ["entit"] },
    };

    [Theory]
    [MemberData(nameof(BadTrainingFiles))]
    public void Training_on_bad_data_names_the_place_and_writes_nothing(string what, string content, string[] words)
    {
        Assert.NotEmpty(what);
        var data = tiny.NewFile("data.jsonl", content);
        var output = tiny.NewPath("model.zip");
        ToolRun.Of("train", "ner", "--train", data, "--out", output, "--layers", "1", "--hidden", "32", "--heads", "2", "--epochs", "1").FailedWith(Tool.BadInput, words);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!));
    }

    [Fact]
    public void Missing_files_are_named()
    {
        var output = tiny.NewPath("model.zip");
        ToolRun.Of("train", "ner", "--train", "no-such.jsonl", "--out", output).FailedWith(Tool.BadInput, "no-such.jsonl", "does not exist");
        ToolRun.Of("train", "ner", "--train", tiny.TrainFile, "--valid", "no-such.jsonl", "--out", output).FailedWith(Tool.BadInput, "no-such.jsonl", "validation data");
        ToolRun.Of("train", "ner", "--train", tiny.TrainFile, "--vocab", "no-such.txt", "--out", output).FailedWith(Tool.BadInput, "no-such.txt");
        ToolRun.Of("train", "ner", "--train", tiny.TrainFile, "--config", "no-such.json", "--out", output).FailedWith(Tool.BadInput, "no-such.json");
        ToolRun.Of("evaluate", "no-such.zip", "--data", tiny.ValidFile).FailedWith(Tool.BadInput, "no-such.zip");
        ToolRun.Of("evaluate", tiny.ModelFile, "--data", "no-such.jsonl").FailedWith(Tool.BadInput, "no-such.jsonl");
        ToolRun.Of("predict", tiny.ModelFile, "--in", "no-such.jsonl").FailedWith(Tool.BadInput, "no-such.jsonl");
        ToolRun.Of("inspect", "no-such.zip").FailedWith(Tool.BadInput, "no-such.zip");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!));
    }

    [Fact]
    public void Output_in_a_missing_folder_is_refused_before_training() =>
        ToolRun.Of("train", "ner", "--train", tiny.TrainFile, "--out", Path.Combine(tiny.Folder, "no-such-folder/model.zip")).FailedWith(Tool.BadInput, "no-such-folder", "does not exist");

    [Fact]
    public async Task A_process_that_cannot_write_its_output_ends_with_its_code()
    {
        var run = await ToolRun.OfProcess("train", "ner", "--train", tiny.TrainFile, "--out", Path.Combine(tiny.Folder, "no-such-folder/model.zip"));
        run.FailedWith(Tool.BadInput, "no-such-folder", "does not exist");
    }

    [Fact]
    public void Vocabulary_without_CLS_is_refused()
    {
        var vocabulary = tiny.NewFile("vocab.txt", "[PAD]\n[UNK]\n[SEP]\na\nb\n");
        ToolRun.Of("train", "ner", "--train", tiny.TrainFile, "--vocab", vocabulary, "--out", tiny.NewPath("model.zip")).FailedWith(Tool.BadInput, "[CLS]", "vocab.txt");
    }

    [Theory]
    [InlineData(new[] { "train", "ner", "--epocks", "3" }, new[] { "--epocks", "Did you mean --epochs" })]
    [InlineData(new[] { "train", "ner", "--epochs", "three" }, new[] { "--epochs", "'three'", "whole number" })]
    [InlineData(new[] { "train", "ner", "--epochs", "0" }, new[] { "--epochs", "'0'", "1 to" })]
    [InlineData(new[] { "train", "ner", "--lr", "nan" }, new[] { "--lr", "'nan'" })]
    [InlineData(new[] { "train", "ner", "--size", "huge" }, new[] { "--size", "tiny|small|base" })]
    [InlineData(new[] { "train", "ner", "--epochs" }, new[] { "--epochs" })]
    [InlineData(new[] { "train", "nr" }, new[] { "nr", "Did you mean ner" })]
    [InlineData(new[] { "evalute" }, new[] { "evalute", "Did you mean evaluate" })]
    [InlineData(new[] { "evaluate", "m.zip" }, new[] { "--data" })]
    [InlineData(new[] { "train", "ner", "--out", "m.zip" }, new[] { "--train is missing" })]
    [InlineData(new[] { "predict", "m.zip", "--offsets", "bytes" }, new[] { "bytes", "utf16" })]
    [InlineData(new[] { "train", "ner", "--train", "no-such.jsonl", "--out", "m.zip", "--regularizers", "mixup" }, new[] { "step.mixup.v1", "trainer.global-pointer.v1" })]
    [InlineData(new[] { "train", "ner", "--train", "no-such.jsonl", "--out", "m.zip", "--encoder", "here", "--size", "base", "--architecture", "gau-alpha" }, new[] { "its own Size", "its own Architecture" })]
    [InlineData(new[] { "train", "multilabel", "--train", "no-such.jsonl", "--out", "m.zip", "--loss", "zlpr-sparse" }, new[] { "loss.zlpr-sparse.v1", "zlpr-soft" })]
    [InlineData(new[] { "train", "multilabel", "--train", "no-such.jsonl", "--out", "m.zip", "--loss", "zlpr", "--regularizers", "mixup" }, new[] { "loss.zlpr.v1", "mixup" })]
    [InlineData(new[] { "pretrain", "--texts", "no-such.txt", "--out", "encoder", "--r-drop", "4" }, new[] { "--r-drop" })]
    public void Wrong_usage_is_explained(string[] args, string[] words) => ToolRun.Of(args).FailedWith(Tool.BadInput, words);

    [Fact]
    public void Settings_that_contradict_each_other_are_explained() =>
        ToolRun.Of("train", "ner", "--train", tiny.TrainFile, "--out", tiny.NewPath("m.zip"), "--hidden", "33", "--heads", "2").FailedWith(Tool.BadInput, "HiddenSize", "33");

    [Fact]
    public void Unknown_device_is_explained() =>
        ToolRun.Of([.. tiny.Arguments(tiny.NewPath("m.zip")), "--device", "gpu"]).FailedWith(Tool.BadInput, "gpu", "cuda");

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(0.3)]
    [InlineData(0.45)]
    [InlineData(0.6)]
    [InlineData(0.75)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.9999)]
    public void Truncated_model_is_refused(double fraction)
    {
        var whole = File.ReadAllBytes(tiny.ModelFile);
        var cut = tiny.NewPath("cut.zip");
        File.WriteAllBytes(cut, whole[..(int)(whole.Length * fraction)]);
        var output = tiny.NewPath("out.jsonl");
        ToolRun.Of("evaluate", cut, "--data", tiny.ValidFile).FailedWith(Tool.BadInput, "cut.zip");
        ToolRun.Of("predict", cut, "--in", tiny.ValidFile, "--out", output).FailedWith(Tool.BadInput, "cut.zip");
        ToolRun.Of("inspect", cut).FailedWith(Tool.BadInput, "cut.zip");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!));
    }

    [Fact]
    public void Model_of_another_task_is_refused()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable([new Plain { Text = "a" }]);
        var stock = context.Transforms.CopyColumns("Copy", "Text").Fit(data);
        var path = tiny.NewPath("stock.zip");
        context.Model.Save(stock, data.Schema, path);
        ToolRun.Of("evaluate", path, "--data", tiny.ValidFile).FailedWith(Tool.BadInput, "stock.zip", "ColumnCopying", "nothing says how to measure", "--evaluation");
        ToolRun.Of("evaluate", tiny.ModelFile, "--data", tiny.ValidFile, "--drop", "NS").FailedWith(Tool.BadInput, "--drop", "ner", "--offsets");
        ToolRun.Of("evaluate", tiny.ModelFile, "--data", tiny.ValidFile, "--label-column", "x").FailedWith(Tool.BadInput, "--label-column", "ner", "--offsets");
        ToolRun.Of("embed", path, "--in", tiny.ValidFile).FailedWith(Tool.BadInput, "stock.zip", "does not make a vector");
    }

    [Fact]
    public void Bad_rows_of_the_test_data_are_found_before_training()
    {
        var (test, model) = (tiny.NewFile("test.jsonl", Good + "\n\n{}\n"), tiny.NewPath("model.zip"));
        ToolRun.Of([.. tiny.Arguments(model), "--test", test]).FailedWith(Tool.BadInput, "test.jsonl", "line 3");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(model)!));
    }

    [Fact]
    public void Evaluation_of_bad_data_names_the_line()
    {
        var data = tiny.NewFile("data.jsonl", Good + "\n{}\n");
        ToolRun.Of("evaluate", tiny.ModelFile, "--data", data).FailedWith(Tool.BadInput, "data.jsonl", "line 2");
    }

    private sealed class Plain
    {
        public string Text { get; set; } = "";
    }

    [Fact]
    public void A_small_file_that_would_fill_the_disk_is_refused_before_it_is_unpacked()
    {
        var bomb = tiny.NewPath("bomb.zip");
        using (var file = File.Create(bomb))
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            using var content = zip.CreateEntry("Model/weights.safetensors").Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 100; i++)
            {
                content.Write(zeros);
            }
        }

        Assert.InRange(new FileInfo(bomb).Length, 0, 1 << 20);
        foreach (var command in (string[][])[["inspect", bomb], ["predict", bomb, "--in", tiny.ValidFile], ["embed", bomb, "--in", tiny.ValidFile]])
        {
            ToolRun.Of(command).FailedWith(Tool.BadInput, "bomb.zip", "would unpack to 104,857,600", "at most 16 times");
        }
    }
}
