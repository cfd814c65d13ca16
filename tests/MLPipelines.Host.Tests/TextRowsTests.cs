using System.Text;
using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class TextRowsTests
{
    [Theory]
    [InlineData("x.csv", "text,n\n\"a\nb\",1\n\"c\"\"d\",2\n", new[] { "a\nb", "c\"d" })]
    [InlineData("x.csv", "\uFEFFtext,n\r\n\"a\r\nb\",1\r\nc,2\r\n", new[] { "a\nb", "c" })]
    [InlineData("x.csv", "text,n\n\"never closed,1\na,2\n", new[] { "!line 2", "a" })]
    [InlineData("x.tsv", "n\ttext\n1\t\"a\n2\tb\"\n", new[] { "\"a", "b\"" })]
    [InlineData("x.tab", "n\ttext\n1\ta\n", new[] { "a" })]
    [InlineData("x", "\n \n{\"text\": \"a\"}\n", new[] { "!line 1", "!line 2", "a" })]
    [InlineData("x", "\n \nb\n", new[] { "", " ", "b" })]
    [InlineData("x", "\n\n", new[] { "", "" })]
    [InlineData("x.txt", "{\"text\": \"a\"}\n", new[] { "{\"text\": \"a\"}" })]
    [InlineData("x.jsonl", "{\"text\": \"a\"}\nb\n", new[] { "a", "!line 2" })]
    public void Each_format_has_its_rows(string name, string content, string[] expected) =>
        Assert.Equal(expected, Read(name, content, "text").Select(row => row.Error is { } error ? "!" + error[..6] : row.Text));

    [Fact]
    public void A_mark_that_nobody_closes_takes_no_other_row_with_it()
    {
        var content = "text\n\"open\n" + string.Concat(Enumerable.Range(0, 3 * TextLine.MaximumLines).Select(i => $"row {i}\n")) + "\"also open\nlast\n";
        var rows = Read("x.csv", content, "text").ToList();
        Assert.Equal((3 * TextLine.MaximumLines) + 3, rows.Count);
        Assert.Equal(["open", "also open"], rows.Where(row => row.Error is not null).Select(row => ((string)row.Fields["input"]!).Trim('"')));
        Assert.Equal(Enumerable.Range(2, rows.Count).Select(line => (long)line), rows.Select(row => row.Number));
        Assert.Equal("last", rows[^1].Text);
    }

    [Fact]
    public void The_first_field_that_is_there_holds_the_text()
    {
        Assert.Equal(["a", "b"], Read("x.jsonl", "{\"sentence\": \"a\", \"text\": \"x\"}\n{\"text\": \"b\"}\n", "sentence", "text").Select(row => row.Text));
        Assert.Equal("b", Read("x.csv", "id,text\n1,b\n", "sentence", "text").Single().Text);
        Assert.Contains("\"sentence\" is missing", Read("x.jsonl", "{\"id\": 1}", "0", "sentence").Single().Error, StringComparison.Ordinal);
        Assert.Contains("'sentence'", Assert.Throws<UsageException>(() => Read("x.csv", "id,b\n1,b\n", "sentence", "text").ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_a_table_without_a_header_are_called_by_their_numbers()
    {
        var row = Read("x.tsv", "a\tb\nc\td\n", "1", "text").Last();
        Assert.Equal("d", row.Text);
        Assert.Equal("""{"0":"c","1":"d"}""", row.Fields.ToJsonString());
        Assert.Contains("2 columns", Assert.Throws<UsageException>(() => Read("x.tsv", "a\tb\n", "2").ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_need_no_text_where_none_is_asked_for()
    {
        Assert.All((InputRow[])[Read("x.jsonl", "{\"n\": 1}").Single(), Read("x.csv", "n\n1\n").Single()], row =>
        {
            Assert.Null(row.Error);
            Assert.Null(row.Text);
            Assert.Equal("1", row.Fields["n"]!.ToString());
        });
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["text"] = "a" }, Read("x.txt", "a").Single().Fields));
    }

    private static IEnumerable<InputRow> Read(string name, string content, params string[] textFields) => TextRows.Read(new MemoryStream(Encoding.UTF8.GetBytes(content)), name, TextFormat.Auto, textFields);
}
