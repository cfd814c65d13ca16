namespace MLPipelines.Host.Tests.Config;

/// <summary>Each kind of wrong configuration gives one message that says what is wrong, where, and what would be right.</summary>
[Collection(ToolCollection.Name)]
public sealed class BadConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-config-").FullName;

    public static TheoryData<string, string, string[]> Configurations => new()
    {
        { "nothing in the file", "", ["line 1, column 1", "empty", "JSON object"] },
        { "not JSON", """{"task": ner}""", ["line 1", "not JSON"] },
        { "not an object", """["ner"]""", ["expected one JSON object"] },
        { "something after the object", """{"task": "ner"} {}""", ["line 1"] },
        { "no task", """{"data": {"train": "TRAIN"}}""", ["does not say what to train", "\"task\"", "ner", "multilabel"] },
        { "unknown task", """{"task": "nre"}""", ["there is no task \"nre\"", "Did you mean \"ner\""] },
        { "unknown key", """{"task": "ner", "epoch": 3}""", ["line 1, column 17", "unknown key \"epoch\"", "Did you mean \"epochs\""] },
        { "unknown section", """{"task": "ner", "ouptut": {"model": "m.zip"}}""", ["unknown key \"ouptut\"", "Did you mean \"output\""] },
        { "unknown key in a section", "{\"task\": \"ner\",\n \"data\": {\"trian\": \"a\"}}", ["line 2, column 11", "unknown key \"trian\" in \"data\"", "Did you mean \"train\""] },
        { "a setting in the wrong section", """{"task": "ner", "output": {"epochs": 3}}""", ["unknown key \"epochs\" in \"output\"", "model, metrics, config"] },
        { "a section that is no object", """{"task": "ner", "data": "train.jsonl"}""", ["\"data\"", "found \"train.jsonl\"", "expected an object"] },
        { "text for a number", """{"task": "ner", "options": {"epochs": "three"}}""", ["\"epochs\"", "\"three\"", "whole number, 1 to"] },
        { "a number out of range", """{"task": "ner", "options": {"dropout": 1.5}}""", ["\"dropout\"", "1.5", "0 to 0.999"] },
        { "a fraction for a whole number", """{"task": "ner", "options": {"epochs": 2.5}}""", ["\"epochs\"", "2.5", "whole number"] },
        { "an unknown choice", """{"task": "ner", "options": {"size": "huge"}}""", ["\"size\"", "huge", "tiny|small|base"] },
        { "a key that is there twice", """{"task": "ner", "epochs": 1, "epochs": 2}""", ["the key \"epochs\" is there twice"] },
        { "one setting in two places", """{"task": "ner", "epochs": 1, "options": {"Epochs": 2}}""", ["\"Epochs\" is there twice"] },
        { "settings that contradict each other", """{"task": "ner", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "options": {"hiddenSize": 33, "heads": 2}}""", ["HiddenSize", "33"] },
        { "an unknown component", """{"task": "ner", "options": {"optimizer": "adamv"}, "data": {"train": "TRAIN"}, "output": {"model": "OUT"}}""", ["adamv", "optimizer.adamw.v1"] },
        { "an unknown option of a component", """{"task": "ner", "options": {"optimizer": {"component": "adamw", "options": {"betta1": 1}}}, "data": {"train": "TRAIN"}, "output": {"model": "OUT"}}""", ["optimizer.adamw.v1", "betta1"] },
        { "steps that are no list", """{"task": "ner", "steps": {}}""", ["\"steps\"", "expected a list"] },
        { "no steps", """{"task": "ner", "steps": []}""", ["\"steps\"", "at least one"] },
        { "a step that does not exist", """{"task": "pipeline", "steps": ["whitning"], "data": {"train": "TRAIN"}, "output": {"model": "OUT"}}""", ["whitning", "transform.whitening.v1"] },
        { "a component that is no step", """{"task": "pipeline", "steps": ["loss.zlpr.v1"], "data": {"train": "TRAIN"}, "output": {"model": "OUT"}}""", ["loss.zlpr.v1", "is not a"] },
        { "a step without a component", """{"task": "pipeline", "steps": [{"options": {}}]}""", ["the step has no \"component\""] },
        { "an unknown key in a step", """{"task": "pipeline", "steps": [{"componnt": "whitening"}]}""", ["unknown key \"componnt\" in a step", "Did you mean \"component\""] },
        { "an unknown option of a step", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": [{"component": "whitening", "options": {"dimension": 8}}]}""", ["unknown key \"dimension\"", "Did you mean \"dimensions\""] },
        { "a wrong option of a step", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": [{"component": "whitening", "options": {"beta": 2}}]}""", ["\"beta\"", "found '2'", "0 to 1"] },
        { "a step of ML.NET that does not exist", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": ["mlnet.Transforms.CopyColumn"]}""", ["mlnet.Transforms.CopyColumn", "Did you mean \"mlnet.Transforms.CopyColumns\""] },
        { "an unknown option of a step of ML.NET", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": [{"component": "mlnet.Transforms.CopyColumns", "options": {"outputColumn": "A", "inputColumnName": "Text"}}]}""", ["unknown key \"outputColumn\"", "Did you mean \"outputColumnName\""] },
        { "a step of ML.NET without what it needs", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": ["mlnet.Transforms.CopyColumns"]}""", ["needs the options", "outputColumnName"] },
        { "a wrong option of a step of ML.NET", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": [{"component": "mlnet.Transforms.CopyColumns", "options": {"outputColumnName": 5, "inputColumnName": "Text"}}]}""", ["\"outputColumnName\"", "found 5", "expected text"] },
        { "flags for a step that is not there", """{"task": "ner", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "options": {"epochs": 3}, "steps": ["whitening"]}""", ["epochs", "trainer.global-pointer.v1", "not among the steps"] },
        { "an unknown way to measure", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": ["whitening"], "evaluation": "mlnet.Clusterin.Evaluate"}""", ["mlnet.Clusterin.Evaluate"] },
        { "a step that reads a column that is not there", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": [{"component": "mlnet.Transforms.CopyColumns", "options": {"outputColumnName": "A", "inputColumnName": "Text"}}, {"component": "mlnet.Transforms.CopyColumns", "options": {"outputColumnName": "B", "inputColumnName": "Txt"}}]}""", ["step 2 of 2, mlnet.Transforms.CopyColumns", "Txt", "The columns there are: ", ", A."] },
        { "an evaluation that reads a column that is not there", """{"task": "pipeline", "data": {"train": "TRAIN"}, "output": {"model": "OUT"}, "steps": [{"component": "mlnet.Transforms.CopyColumns", "options": {"outputColumnName": "Score", "inputColumnName": "Text"}}], "evaluation": {"component": "mlnet.Clustering.Evaluate", "options": {"featureColumnName": "Vector"}}}""", ["mlnet.Clustering.Evaluate", "\"Vector\"", "featureColumnName", "The columns are: ", ", Score."] },
        { "no training data", """{"task": "ner", "output": {"model": "OUT"}}""", ["--train is missing", "\"train\""] },
        { "no output", """{"task": "ner", "data": {"train": "TRAIN"}}""", ["--out is missing", "\"model\""] },
        { "training data that do not exist", """{"task": "ner", "data": {"train": "no-such.jsonl"}, "output": {"model": "OUT"}}""", ["no-such.jsonl", "does not exist"] },
        { "a number for a file", """{"task": "ner", "data": {"train": 5}}""", ["\"train\"", "found 5", "expected text"] },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Other_encodings_and_halves_of_characters_are_named_with_their_place()
    {
        var file = Path.Combine(_folder, "config.json");
        File.WriteAllBytes(file, [.. "{\"task\":\n \"ner\", \"train\": \""u8, 0xB2, 0xE2, .. "\"}"u8]);
        ToolRun.Of("train", "--config", file).FailedWith(2, "line 2, column 19: this is not UTF-8");

        File.WriteAllText(file, """{"task": "ner", "train": "\ud800"}""");
        ToolRun.Of("train", "--config", file).FailedWith(2, "half of a surrogate pair");
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Message_says_what_is_wrong(string what, string config, string[] words)
    {
        Assert.NotEmpty(what);
        var file = Path.Combine(_folder, "config.json");
        File.WriteAllText(file, config.Replace("TRAIN", Path.Combine(Repository.Root, "samples/data/train.jsonl"), StringComparison.Ordinal).Replace("OUT", Path.Combine(_folder, "out/model.zip"), StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(_folder, "out"));
        ToolRun.Of("train", "--config", file).FailedWith(Tool.BadInput, words);
        ToolRun.Of("config", "check", file).FailedWith(Tool.BadInput, words);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "out")));
    }

    [Fact]
    public void Task_of_the_command_and_of_the_file_have_to_agree()
    {
        var file = Path.Combine(_folder, "config.json");
        File.WriteAllText(file, """{"task": "multilabel"}""");
        ToolRun.Of("train", "ner", "--config", file).FailedWith(Tool.BadInput, "config.json, line 1, column 2", "found \"multilabel\"", "mlp train ner");
    }
}
