using System.Text;
using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Trainers.SpanExtraction;
using Xunit;

namespace MLPipelines.Trainers.Tests.SpanExtraction;

public sealed class JsonLinesTests : IDisposable
{
    readonly string path = Path.GetTempFileName();
    readonly MLContext ml = new(1);

    public void Dispose() => File.Delete(path);

    List<SpanExtractionRow> Read(byte[] content, TextOffsets offsets = TextOffsets.CodePoints)
    {
        File.WriteAllBytes(path, content);
        return [.. ml.Data.CreateEnumerable<SpanExtractionRow>(ml.SpanExtraction().LoadFromJsonLines(path, offsets), reuseRowObject: false)];
    }

    List<SpanExtractionRow> Read(string content, TextOffsets offsets = TextOffsets.CodePoints) => Read(Encoding.UTF8.GetBytes(content), offsets);

    [Fact]
    public void Rows_come_in_order_with_their_spans()
    {
        var rows = Read("""
            {"text": "Ada in Paris", "entities": [{"start": 0, "end": 3, "label": "PER"}, {"end": 12, "label": "LOC", "start": 7, "score": 1}]}
            {"entities": [], "id": {"a": [1]}, "text": "nobody"}
            """);
        Assert.Equal(["Ada in Paris", "nobody"], rows.Select(r => r.Text));
        Assert.Equal([0, 7], rows[0].Start);
        Assert.Equal([3, 12], rows[0].End);
        Assert.Equal(["PER", "LOC"], rows[0].Label);
        Assert.Empty(rows[1].Start);
    }

    [Fact]
    public void Byte_order_mark_CRLF_blank_lines_and_a_missing_last_line_end_are_fine()
    {
        byte[] content = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("{\"text\":\"a\",\"entities\":[]}\r\n\r\n  \t\r\n{\"text\":\"b\",\"entities\":[]}")];
        Assert.Equal(["a", "b"], Read(content).Select(r => r.Text));
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read_whole()
    {
        var text = new string('长', 100_000);
        var row = Assert.Single(Read($$"""{"text":"{{text}}","entities":[{"start":99999,"end":100000,"label":"x"}]}"""));
        Assert.Equal(text, row.Text);
        Assert.Equal([100_000], row.End);
    }

    [Theory]
    [InlineData(TextOffsets.CodePoints, 2, 5)]
    [InlineData(TextOffsets.Utf16, 3, 6)]
    public void Code_points_become_UTF16_units(TextOffsets offsets, int start, int end)
    {
        var line = $$"""{"text": "😀 Bob", "entities": [{"start": {{start}}, "end": {{end}}, "label": "PER"}]}""";
        var row = Assert.Single(Read(line, offsets));
        Assert.Equal("Bob", row.Text[row.Start[0]..row.End[0]]);
    }

    [Fact]
    public void The_view_is_read_again_each_time_and_closes_the_file()
    {
        File.WriteAllText(path, """{"text": "a", "entities": []}""");
        var view = ml.SpanExtraction().LoadFromJsonLines(path);
        using (var cursor = view.GetRowCursor(view.Schema)) Assert.True(cursor.MoveNext() && !cursor.MoveNext());
        File.WriteAllText(path, """{"text": "other", "entities": []}"""); // would fail while the file is open for reading only by the first cursor
        Assert.Equal("other", ml.Data.CreateEnumerable<SpanExtractionRow>(view, false).Single().Text);
        Assert.Equal(["Text", "Start", "End", "Label"], view.Schema.Select(c => c.Name));
    }

    public static TheoryData<string, long?, long?, string> BadLines => new()
    {
        { "not json", 1, 2, "not JSON" },
        { "{\"text\": \"a\", \"entities\": []", 1, 29, "not JSON" },
        { "{\"text\": \"a\", \"entities\": []} x", 1, 31, "not JSON" },
        { "[1]", 1, 1, "not an object" },
        { "{\"entities\": []}", 1, null, "'text' is missing" },
        { "{\"text\": \"a\"}", 1, null, "'entities' is missing" },
        { "{\"text\": 5, \"entities\": []}", 1, 10, "'text' is not a string" },
        { "{\"text\": \"长\", \"entities\": 5}", 1, 27, "'entities' is not a list" },
        { "{\"text\": \"a\", \"entities\": [5]}", 1, 28, "an entity is not an object" },
        { "{\"text\": \"a\", \"entities\": [{\"start\": 0, \"end\": 1}]}", 1, 28, "no field 'label'" },
        { "{\"text\": \"a\", \"entities\": [{\"end\": 1, \"label\": \"x\"}]}", 1, 28, "no field 'start'" },
        { "{\"text\": \"a\", \"entities\": [{\"start\": 0, \"label\": \"x\"}]}", 1, 28, "no field 'end'" },
        { "{\"text\": \"a\", \"entities\": [{\"start\": \"0\", \"end\": 1, \"label\": \"x\"}]}", 1, 38, "'start' is not a whole number" },
        { "{\"text\": \"a\", \"entities\": [{\"start\": 0, \"end\": 1.5, \"label\": \"x\"}]}", 1, 48, "'end' is not a whole number" },
        { "{\"text\": \"a\", \"entities\": [{\"start\": 0, \"end\": 1, \"label\": \"\"}]}", 1, 60, "'label' is not a label" },
        { "{\"text\": \"a\", \"entities\": [{\"start\": 0, \"end\": 1, \"label\": 3}]}", 1, 60, "'label' is not a label" },
        { "{\"text\": \"abc\", \"entities\": [{\"start\": 2, \"end\": 2, \"label\": \"x\"}]}", 1, 30, "start is not before its end" },
        { "{\"text\": \"abc\", \"entities\": [{\"start\": 2, \"end\": 4, \"label\": \"x\"}]}", 1, 30, "outside the text" },
        { "{\"text\": \"abc\", \"entities\": [{\"start\": -1, \"end\": 1, \"label\": \"x\"}]}", 1, 30, "outside the text" },
        { "{\"text\": \"😀\", \"entities\": [{\"start\": 0, \"end\": 2, \"label\": \"x\"}]}", 1, 29, "outside the text" },
        { "{\"text\": \"\\ud800\", \"entities\": []}", 1, null, "surrogate" },
        { "{\"text\": \"a\", \"entities\": []}\n\n{", 3, 2, "not JSON" },
        { "", null, null, "no rows" },
        { "\n \n", null, null, "no rows" },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public void Whatever_is_wrong_is_named_with_file_line_and_column(string content, long? line, long? column, string what)
    {
        var error = Assert.Throws<DataFormatException>(() => Read(content));
        Assert.Equal((path, line, column), (error.File, error.Line, error.Column));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.Found));
        Assert.False(string.IsNullOrEmpty(error.Expected));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_named()
    {
        byte[] content = [.. "{\"text\": \"a\", \"entities\": []}\n{\"text\": \"é"u8, 0xFF, .. "\", \"entities\": []}"u8];
        var error = Assert.Throws<DataFormatException>(() => Read(content));
        Assert.Equal((2, 12, "the byte 0xFF"), (error.Line, error.Column, error.Found));
    }

    [Fact]
    public void A_file_that_is_not_there_or_a_folder_fails_at_once()
    {
        var missing = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal(missing, Assert.Throws<DataFormatException>(() => ml.SpanExtraction().LoadFromJsonLines(missing)).File);
        Assert.Contains("folder", Assert.Throws<DataFormatException>(() => ml.SpanExtraction().LoadFromJsonLines(Path.GetTempPath())).Message, StringComparison.Ordinal);
    }
}
