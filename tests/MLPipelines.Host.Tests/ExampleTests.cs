using System.CommandLine;
using System.Text.RegularExpressions;
using MLPipelines.Checkpoints;
using MLPipelines.Encoders;
using MLPipelines.Host.Terminals;
using MLPipelines.Tokenizers;

namespace MLPipelines.Host.Tests;

/// <summary>Every command has an example in its help, and every example runs as it stands there, in a folder with the files that it names.</summary>
[Collection(ToolCollection.Name)]
public sealed partial class ExampleTests(TinyModel tiny)
{
    private static readonly string[] s_texts = ["王明去上海", "李华在北京开会", "明天去机场", "上海明天有雨", "she went home", "the train is late"];

    public static TheoryData<string> Examples => [.. Leaves(Root(), "mlp").SelectMany(command => Example().Matches(command.Command.Description ?? "").Select(match => match.Groups[1].Value)).Distinct()];

    [Fact]
    public void Every_command_has_an_example() =>
        Assert.All(Leaves(Root(), "mlp"), command => Assert.True(Example().IsMatch(command.Command.Description ?? ""), $"{command.Path} has no example"));

    [Theory]
    [MemberData(nameof(Examples))]
    [Trait("Category", "Slow")]
    public void Example_runs(string example)
    {
        var folder = Path.GetDirectoryName(tiny.NewPath("x"))!;
        var before = Directory.GetCurrentDirectory();
        Prepare(folder);
        Directory.SetCurrentDirectory(folder);
        try
        {
            var run = ToolRun.Of(example.Split(' '));
            // Whether a machine is set up well is for doctor to say.
            Assert.True(run.Code == Tool.Success || (example.StartsWith("doctor", StringComparison.Ordinal) && run.Code == Tool.Failure), $"mlp {example} ended with {run.Code}: {run.Error}");
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    private void Prepare(string folder)
    {
        Write("train.jsonl", Rows(12));
        Write("valid.jsonl", Rows(4));
        Write("train.csv", ["text,category", .. Enumerable.Range(0, 12).Select(i => $"{s_texts[i % 6]},{(i % 2 == 0 ? "a" : "b")}")]);
        Write("valid.csv", ["text,category", .. Enumerable.Range(0, 4).Select(i => $"{s_texts[i]},{(i % 2 == 0 ? "a" : "b")}")]);
        Write("texts.txt", Enumerable.Repeat(s_texts, 4).SelectMany(texts => texts));
        Write("sentences.txt", Enumerable.Repeat(s_texts, 4).SelectMany(texts => texts));
        Write("texts.jsonl", s_texts.Select(text => $$"""{"text": "{{text}}"}"""));
        Write("train.tsv", ["text1\ttext2\tscore", .. Enumerable.Range(0, 30).Select(i => $"{s_texts[i % 6]}\t{s_texts[i * 5 % 6]}\t{i % 3}")]);
        Write("dev.tsv", ["text1\ttext2\tscore", .. Enumerable.Range(0, 30).Select(i => $"{s_texts[i % 6]}\t{s_texts[i * 5 % 6]}\t{i * 7 % 5}")]);
        Write("ner.json", ["""{"task": "ner", "train": "train.jsonl", "valid": "valid.jsonl", "out": "ner.zip", "options": {"layers": 1, "hiddenSize": 32, "heads": 2}}"""]);
        Write("pipeline.json", ["""{"steps": [{"component": "mlnet.Transforms.CopyColumns", "options": {"outputColumnName": "Copy", "inputColumnName": "Text"}}], "task": "pipeline"}"""]);
        File.Copy(tiny.ModelFile, Path.Combine(folder, "model.zip"));
        Directory.CreateDirectory(Path.Combine(folder, "docs"));
        var tokenizer = WordPieceTextTokenizer.BuildFrom(s_texts, new() { LowerCase = true });
        using var generator = new TorchSharp.torch.Generator(1);
        using var encoder = new RoFormerEncoder(new() { VocabularySize = tokenizer.Vocabulary.Count, HiddenSize = 16, Layers = 2, Heads = 2, MaximumLength = 64 }, generator);
        EncoderCheckpoint.Save(Path.Combine(folder, "chinese-roformer"), encoder, tokenizer);
        EncoderCheckpoint.Save(Path.Combine(folder, "roformer_chinese_char_base"), encoder, tokenizer);

        void Write(string name, IEnumerable<string> lines) => File.WriteAllLines(Path.Combine(folder, name), lines);
    }

    // Good for span extraction and for labels.
    private static IEnumerable<string> Rows(int count) => Enumerable.Range(0, count).Select(i =>
        $$"""{"text": "{{s_texts[i % 6]}}", "entities": [{"start": 0, "end": 2, "label": "{{(i % 2 == 0 ? "person" : "place")}}"}], "labels": ["{{(i % 2 == 0 ? "a" : "b")}}"]}""");

    private static RootCommand Root() => Tool.CreateRoot(new Terminal(Stream.Null, Stream.Null, TextWriter.Null, errorIsTerminal: false, outputIsTerminal: false));

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}")).Concat(command is RootCommand ? [] : [(path, command)]);

    [GeneratedRegex(@"Example: mlp (.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Example();
}
