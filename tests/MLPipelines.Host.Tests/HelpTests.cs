using System.CommandLine;
using System.Text.RegularExpressions;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Terminals;
using MLPipelines.Trainers;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed partial class HelpTests
{
    public static TheoryData<string> Commands => [.. CommandPaths(Root(), [])];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_help(string path)
    {
        string[] words = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var run = ToolRun.Of([.. words, "--help"]).Succeeded();
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void Every_training_option_is_a_flag_with_a_description()
    {
        var settings = new SettingTable(new GlobalPointerTrainer.Options()).Settings;
        Assert.True(settings.Count > 15);
        Assert.All(settings, setting => Assert.False(string.IsNullOrWhiteSpace(setting.Description), $"--{setting.Name} has no description"));
        var help = ToolRun.Of("train", "ner", "--help").Succeeded().Output;
        Assert.All(settings, setting => Assert.Contains("--" + setting.Name, help, StringComparison.Ordinal));
        Assert.All((string[])["--layers", "--hidden", "--heads", "--epochs", "--batch", "--lr", "--seed", "--vocab", "--size", "--device"], name => Assert.Contains(name, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Examples_in_help_and_README_are_commands_that_parse()
    {
        var examples = new List<string>();
        foreach (var path in CommandPaths(Root(), []))
        {
            string[] words = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            examples.AddRange(Example().Matches(Find(Root(), words).Description ?? "").Select(match => match.Groups[1].Value));
        }

        examples.AddRange(File.ReadLines(Path.Combine(Repository.Root, "README.md")).Where(line => line.StartsWith("    ./mlp ", StringComparison.Ordinal)).Select(line => line.Trim()[6..]));
        Assert.True(examples.Count > 6);
        Assert.All(examples, example => Assert.Empty(Root().Parse(example).Errors));
    }

    [Theory]
    [InlineData("evaluate m.zip --data d.jsonl", false)]
    [InlineData("train multilabel --help", false)]
    [InlineData("train ner --epochs 3", true)]
    [InlineData("[suggest:15]|train ner --epo", true)]
    [InlineData("@arguments.txt", true)]
    public void Flags_are_made_for_commands_that_the_command_line_names(string line, bool made)
    {
        var root = Tool.CreateRoot(new Terminal(Stream.Null, Stream.Null, TextWriter.Null, errorIsTerminal: false, outputIsTerminal: false), line.Split(line.Contains('|', StringComparison.Ordinal) ? '|' : ' '));
        Assert.Equal(made, Find(root, ["train", "ner"]).Options.Any(option => option.Name == "--epochs"));
        Assert.False(string.IsNullOrEmpty(Find(root, ["train", "ner"]).Description));
    }

    [Fact]
    public void No_arguments_and_version_say_something()
    {
        Assert.Equal(0, ToolRun.Of("--version").Code);
        Assert.Contains("train", ToolRun.Of("--help").Output, StringComparison.Ordinal);
    }

    private static RootCommand Root() => Tool.CreateRoot(new Terminal(Stream.Null, Stream.Null, TextWriter.Null, errorIsTerminal: false, outputIsTerminal: false));

    private static Command Find(Command command, IEnumerable<string> words) => words.Aggregate(command, (parent, word) => parent.Subcommands.Single(child => child.Name == word));

    private static IEnumerable<string> CommandPaths(Command command, string[] path) =>
        command.Subcommands.Where(child => !child.Hidden).SelectMany(child => CommandPaths(child, [.. path, child.Name])).Prepend(string.Join(' ', path));

    [GeneratedRegex(@"Example: mlp (.+)$", RegexOptions.Multiline)]
    private static partial Regex Example();
}
