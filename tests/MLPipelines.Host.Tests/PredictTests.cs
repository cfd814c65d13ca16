using System.Text.Json.Nodes;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class PredictTests(TinyModel tiny)
{
    private static readonly string[] s_noMoreThanBatches = ["{\"text\": \"a\"}"];

    [Fact]
    public void Every_line_has_its_answer_in_its_place()
    {
        var lines = File.ReadAllLines(tiny.TrainFile).Select((line, i) => i % 7 == 3 ? "{bad" : line.Replace("{\"text\"", $"{{\"id\": {i}, \"text\"", StringComparison.Ordinal)).ToList();
        var run = ToolRun.Of(["predict", tiny.ModelFile], string.Join('\n', lines)).Succeeded();
        Assert.Equal(lines.Count, run.OutputLines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var answer = run.OutputLines[i].AsObject();
            if (i % 7 == 3)
            {
                Assert.Contains($"line {i + 1}", (string)answer["error"]!, StringComparison.Ordinal);
                Assert.Equal("{bad", (string)answer["input"]!);
            }
            else
            {
                var asked = JsonNode.Parse(lines[i])!;
                Assert.Equal(i, (int)answer["id"]!);
                Assert.Equal((string)asked["text"]!, (string)answer["text"]!);
                Assert.True(JsonNode.DeepEquals(asked["entities"], answer["gold_entities"]));
                Assert.IsType<JsonArray>(answer["entities"]);
            }
        }

        Assert.Contains("bad", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Entities_point_at_their_text_in_code_points_or_utf16()
    {
        // Characters outside the Basic Multilingual Plane in front of everything else.
        var input = string.Join('\n', File.ReadLines(tiny.TrainFile).Take(40).Select(line => JsonNode.Parse(line)!).Select(row => new JsonObject { ["text"] = "😀😀 " + (string)row["text"]! }.ToJsonString()));
        var points = ToolRun.Of(["predict", tiny.ModelFile], input).Succeeded().OutputLines;
        var units = ToolRun.Of(["predict", tiny.ModelFile, "--offsets", "utf16"], input).Succeeded().OutputLines;
        var found = 0;
        foreach (var (point, unit) in points.Zip(units))
        {
            var text = (string)point["text"]!;
            var runes = text.EnumerateRunes().ToList();
            foreach (var (a, b) in point["entities"]!.AsArray().Zip(unit["entities"]!.AsArray()))
            {
                found++;
                Assert.Equal((string)a!["text"]!, string.Concat(runes[(int)a["start"]!..(int)a["end"]!]));
                Assert.Equal((string)b!["text"]!, text[(int)b["start"]!..(int)b["end"]!]);
                Assert.Equal((string)a["label"]!, (string)b["label"]!);
                Assert.True((float)a["score"]! > 0);
            }
        }

        Assert.True(found > 10, $"the tiny model found only {found} entities");
    }

    [Fact]
    public void Odd_lines_get_an_error_and_harm_no_other()
    {
        string[] lines = ["", "[]", "{}", "{\"text\": 5}", "{\"text\": \"\\ud800\"}", "{\"text\": \"a\", \"x\": [\"\\udc00\"]}", "{\"text\": \"a\", \"text\": \"b\"}", "{\"text\": \"\"}", "{\"text\": \"上海\"}\r"];
        var answers = ToolRun.Of(["predict", tiny.ModelFile, "--quiet", "--format", "jsonlines"], "\uFEFF" + string.Join('\n', lines) + "\n").Succeeded().OutputLines;
        Assert.Equal(lines.Length, answers.Count);
        Assert.All(answers.Take(7), answer => Assert.NotNull(answer["error"]));
        Assert.All(answers.Skip(7), answer => Assert.NotNull(answer["entities"]));
    }

    [Fact]
    public void No_field_of_the_input_is_lost_however_it_is_called()
    {
        const string Line = """{"text": "a", "entities": [1], "gold_entities": [2], "error": "keep", "input_error": 3}""";
        var once = ToolRun.Of(["predict", tiny.ModelFile], Line).Succeeded();
        Assert.DoesNotContain("bad", once.Error, StringComparison.Ordinal);
        var fields = once.OutputLines[0].AsObject();
        Assert.Equal(("[1]", "[2]", "keep", 3), (fields["gold_entities_2"]!.ToJsonString(), fields["gold_entities"]!.ToJsonString(), (string)fields["input_error_2"]!, (int)fields["input_error"]!));
        var twice = ToolRun.Of(["predict", tiny.ModelFile], once.Output).Succeeded().OutputLines[0].AsObject();
        Assert.True(JsonNode.DeepEquals(fields["entities"], twice["gold_entities_3"]));
        Assert.Equal("[2]", twice["gold_entities"]!.ToJsonString());

        var bad = ToolRun.Of(["predict", tiny.ModelFile], """{"text": 5, "error": "mine"}""").Succeeded();
        Assert.Equal("mine", (string?)bad.OutputLines[0]["input_error"]);
        Assert.Contains("1 of 1 lines were bad", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_that_a_model_does_not_read_are_refused() =>
        ToolRun.Of(["predict", tiny.ModelFile, "--second-text-column", "b"], "a").FailedWith(Tool.BadInput, "--second-text-column", "ner", "single texts");

    [Fact]
    public void No_input_gives_no_output() => Assert.Empty(ToolRun.Of(["predict", tiny.ModelFile], "").Succeeded().Output);

    [Fact]
    public void Only_bad_lines_give_only_errors()
    {
        var answers = ToolRun.Of(["predict", tiny.ModelFile, "--format", "jsonlines"], "x\ny\n").Succeeded().OutputLines;
        Assert.Equal(2, answers.Count);
        Assert.All(answers, answer => Assert.NotNull(answer["error"]));
    }

    [Fact]
    public void Strict_stops_at_the_first_bad_line_and_leaves_no_file()
    {
        var input = tiny.NewFile("in.jsonl", "{\"text\": \"a\"}\nnonsense\n");
        var output = tiny.NewPath("out.jsonl");
        ToolRun.Of("predict", tiny.ModelFile, "--in", input, "--out", output, "--strict").FailedWith(Tool.BadInput, "in.jsonl", "line 2");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!));
    }

    [Fact]
    public void File_and_stream_give_the_same_lines()
    {
        var output = tiny.NewPath("out.jsonl");
        ToolRun.Of("predict", tiny.ModelFile, "--in", tiny.ValidFile, "--out", output).Succeeded();
        var streamed = ToolRun.Of(["predict", tiny.ModelFile], File.ReadAllText(tiny.ValidFile)).Succeeded();
        Assert.Equal(streamed.Output, File.ReadAllText(output));
        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!));
    }

    [Theory]
    [InlineData("in.txt", "王明去上海\n\n李华在北京", null)]
    [InlineData("in.csv", "id,sentence\n1,王明去上海\n2,\n3,\"李华在北京\"\n", "sentence")]
    [InlineData("in.tsv", "sentence\tid\n王明去上海\t1\n\t2\n李华在北京\t3", "sentence")]
    [InlineData("in.tsv", "1\t王明去上海\n2\t\n3\t李华在北京", "1")]
    [InlineData("in", "\n{\"text\": \"王明去上海\"}\n{\"text\": \"李华在北京\"}", null)]
    public void Every_format_gives_what_JSON_lines_give(string name, string content, string? column)
    {
        var file = tiny.NewFile(name, content);
        string[] named = column is null ? [] : ["--text-column", column];
        var answers = ToolRun.Of(["predict", tiny.ModelFile, "--in", file, "--quiet", .. named]).Succeeded().OutputLines;
        var texts = answers.Where(answer => answer["error"] is null).Select(answer => (string)answer[column ?? "text"]!).ToList();
        var expected = ToolRun.Of(["predict", tiny.ModelFile], string.Join('\n', texts.Select(text => new JsonObject { ["text"] = text }.ToJsonString()))).Succeeded().OutputLines;
        Assert.Equal(3, answers.Count);
        Assert.Contains("王明去上海", texts);
        Assert.Equal(expected.Select(answer => answer["entities"]!.ToJsonString()), answers.Where(answer => answer["error"] is null).Select(answer => answer["entities"]!.ToJsonString()));

        // Standard input and a file, and the format by its name.
        var format = Path.GetExtension(name) switch { ".txt" => "text", ".csv" => "csv", ".tsv" => "tsv", _ => "auto" };
        Assert.Equal(answers.Select(answer => answer.ToJsonString()), ToolRun.Of(["predict", tiny.ModelFile, "--format", format, "--quiet", .. named], content).Succeeded().OutputLines.Select(answer => answer.ToJsonString()));
    }

    [Fact]
    public void Bad_rows_of_a_table_keep_their_place()
    {
        var file = tiny.NewFile("in.csv", "text,n\n王明去上海,1\nonly one field\n\"two\nlines\",2\n\"open,3\n李华在北京,4\n");
        var answers = ToolRun.Of("predict", tiny.ModelFile, "--in", file, "--quiet").Succeeded().OutputLines;
        Assert.Equal(["1", null, "2", null, "4"], answers.Select(answer => (string?)answer["n"]));
        Assert.Contains("line 3: found 1 fields, expected 2", (string)answers[1]["error"]!, StringComparison.Ordinal);
        Assert.Equal("two\nlines", (string)answers[2]["text"]!);
        Assert.Contains("line 6: a quoted field is not closed", (string)answers[3]["error"]!, StringComparison.Ordinal);
        var output = tiny.NewPath("out.jsonl");
        ToolRun.Of("predict", tiny.ModelFile, "--in", file, "--out", output, "--strict").FailedWith(Tool.BadInput, "in.csv", "line 3");
        ToolRun.Of("predict", tiny.ModelFile, "--in", file, "--out", output, "--text-column", "sentence").FailedWith(Tool.BadInput, "in.csv, line 1", "'text', 'n'", "--text-column");
        ToolRun.Of("predict", tiny.ModelFile, "--in", file, "--out", output, "--text-column", "7").FailedWith(Tool.BadInput, "in.csv, line 1", "2 columns", "7");
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!));
    }

    [Fact]
    public void Columns_of_the_model_can_be_chosen()
    {
        var usual = ToolRun.Of(["predict", tiny.ModelFile], "王明去上海").Succeeded().OutputLines[0]["entities"]!.AsArray();
        var chosen = ToolRun.Of(["predict", tiny.ModelFile, "--columns", "PredictedText, Score"], "{\"text\": \"王明去上海\", \"Score\": 5}").Succeeded().OutputLines[0];
        Assert.Equal(["text", "PredictedText", "gold_Score", "Score"], chosen.AsObject().Select(field => field.Key));
        Assert.Equal(usual.Select(entity => (string)entity!["text"]!), chosen["PredictedText"]!.AsArray().Select(text => (string)text!));
        Assert.Equal(usual.Select(entity => (float)entity!["score"]!), chosen["Score"]!.AsArray().Select(score => (float)score!));
        ToolRun.Of(["predict", tiny.ModelFile, "--columns", "Scores"], "x").FailedWith(Tool.BadInput, "--columns", "\"Scores\"", "PredictedStart, PredictedEnd");
        ToolRun.Of(["predict", tiny.ModelFile, "--columns", ","], "x").FailedWith(Tool.BadInput, "--columns", "PredictedStart");
    }

    [Fact]
    public void Input_is_read_no_further_ahead_than_batches_need()
    {
        using var model = Models.LoadedModel.Open(tiny.ModelFile);
        var read = 0;
        var rows = Enumerable.Repeat(s_noMoreThanBatches[0], 100_000).Select((line, i) =>
        {
            read++;
            return InputRow.ReadAll(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(line))).Single() with { Number = i + 1 };
        });
        using var answers = model.Task.Predict(model, rows, Models.PredictSettings.Of(model, null, null, Trainers.SpanExtraction.TextOffsets.CodePoints)).GetEnumerator();
        Assert.True(answers.MoveNext());
        Assert.InRange(read, 1, 20_000);
    }
}
