using System.Text;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class SmallPartsTests
{
    [Theory]
    [InlineData("BatchSize", "batch-size")]
    [InlineData("LearningRate", "learning-rate")]
    [InlineData("RDropAlpha", "r-drop-alpha")]
    [InlineData("seed", "seed")]
    public void Names_become_flags(string name, string flag) => Assert.Equal(flag, Names.Kebab(name));

    [Theory]
    [InlineData("epocks", "epochs")]
    [InlineData("learning_rat", "learning-rate")]
    [InlineData("zzzzzz", null)]
    public void Nearest_name_is_found_or_none(string name, string? nearest) => Assert.Equal(nearest, Names.Nearest(name, ["epochs", "learning-rate", "batch-size"]));

    [Fact]
    public void Lines_are_split_wherever_the_stream_breaks()
    {
        var text = string.Join('\n', Enumerable.Range(0, 300).Select(i => new string((char)('a' + (i % 26)), i * 37 % 70_000)));
        var lines = LineReader.Read(new DribblingStream(Encoding.UTF8.GetBytes(text))).Select(line => Encoding.UTF8.GetString(line.Span)).ToList();
        Assert.Equal(text.Split('\n'), lines);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("a\r\nb", new[] { "a", "b" })]
    [InlineData("a\n\nb\n", new[] { "a", "", "b" })]
    public void Line_ends_are_no_lines(string text, string[] lines) =>
        Assert.Equal(lines, LineReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))).Select(line => Encoding.UTF8.GetString(line.Span)));

    [Theory]
    [InlineData(5, false, "0:05")]
    [InlineData(3599, false, "59:59")]
    [InlineData(3600, false, "1:00:00")]
    [InlineData(5, true, "0:00:05")]
    [InlineData((26 * 3600) + 61, false, "26:01:01")]
    public void Times_of_more_than_a_day_keep_their_hours(int seconds, bool hours, string expected) => Assert.Equal(expected, Duration.Text(TimeSpan.FromSeconds(seconds), hours));

    [Fact]
    public void Code_points_count_pairs_once() => Assert.Equal([0, 1, 1, 2, 3, 4], CodePoints.Before("😀a\uD800b"));

    [Fact]
    public void Broken_UTF8_is_an_error_of_its_line()
    {
        byte[] bytes = [.. "{\"text\": \""u8, 0xC3, .. "\"}\n{\"text\": \"b\"}\n"u8];
        var rows = InputRow.ReadAll(new MemoryStream(bytes)).ToList();
        Assert.NotNull(rows[0].Error);
        Assert.Equal("b", rows[1].Text);
    }

    /// <summary>Gives a few bytes at a time, as a pipe does.</summary>
    private sealed class DribblingStream(byte[] content) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 4099));
    }
}
