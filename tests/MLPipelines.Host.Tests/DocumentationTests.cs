using MLPipelines.Host.Commands;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("components.md")]
    [InlineData("commands.md")]
    public void Page_says_what_the_tool_says(string name)
    {
        var terminal = new Terminal(Stream.Null, Stream.Null, TextWriter.Null, errorIsTerminal: false, outputIsTerminal: false);
        var (written, now) = (File.ReadAllLines(Path.Combine(Repository.Root, "docs", name)), DocsCommand.Pages(terminal).Single(page => page.Name == name).Text.TrimEnd('\n').Split('\n'));
        var changes = now.Except(written).Select(line => "+ " + line).Concat(written.Except(now).Select(line => "- " + line)).Take(20);
        Assert.True(written.SequenceEqual(now), $"docs/{name} is out of date. Write it again: ./mlp docs --out docs\n{string.Join('\n', changes)}");
    }

    [Fact]
    public void A_method_that_a_summary_refers_to_stands_without_its_parameters() =>
        Assert.Contains("(FanIn)", ToolRun.Of("components", "encoder.roformer.v1").Succeeded().Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
}
