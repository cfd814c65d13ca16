using System.Text.RegularExpressions;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed partial class ReadmeTests
{
    private static string Readme { get; } = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void README_shows_the_sample_that_is_tested()
    {
        var blocks = Block().Matches(Readme);
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, block.Groups["path"].Value)), block.Groups["code"].Value));
    }

    [Fact]
    public void README_quotes_the_samples_word_for_word()
    {
        var quotes = Excerpt().Matches(Readme);
        Assert.NotEmpty(quotes);
        Assert.All(quotes, quote => Assert.Contains(quote.Groups["code"].Value, File.ReadAllText(Path.Combine(Repository.Root, quote.Groups["path"].Value)), StringComparison.Ordinal));
    }

    [GeneratedRegex(@"<!-- sample: (?<path>\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"<!-- excerpt: (?<path>\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Excerpt();
}
