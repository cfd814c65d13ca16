using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Trainers.Files;
using Xunit;

namespace MLPipelines.Trainers.Tests.Files;

public sealed class LabeledTextFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlp-files-").FullName;
    readonly MLContext ml = new(1);

    string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    (string Text, string Second, string Label)[] One(string path, LabeledTextFormat? format = null)
    {
        var view = ml.Data.LoadLabeledTexts(path, format);
        return [.. view.GetColumn<string>("Text").Zip(view.GetColumn<string>("SecondText"), view.GetColumn<string>("Label"))];
    }

    (string Text, (string, float)[] Labels)[] Many(string path, LabeledTextFormat? format = null)
    {
        var view = ml.MultiLabel().LoadFromFile(path, format);
        var labels = view.GetColumn<ReadOnlyMemory<char>[]>("Label").Zip(view.GetColumn<float[]>("LabelProbability"), (l, p) => l.Zip(p, (name, probability) => (name.ToString(), probability)).ToArray());
        return [.. view.GetColumn<string>("Text").Zip(labels)];
    }

    [Fact]
    public void Json_lines_with_one_label()
        => Assert.Equal([("a", "", "x"), ("b", "c", "y")], One(Write("d.jsonl", "{\"text\": \"a\", \"label\": \"x\", \"more\": [1]}\n\n{\"label\": \"y\", \"text2\": \"c\", \"text1\": \"b\"}\n")));

    [Theory]
    [InlineData("{\"text\": \"a\", \"text1\": \"b\", \"label\": \"x\"}\n")]
    [InlineData("{\"text1\": \"b\", \"label\": \"x\", \"text\": \"a\"}\n")]
    public void Of_several_usual_names_the_first_counts_wherever_it_stands(string line) => Assert.Equal([("a", "", "x")], One(Write("d.jsonl", line)));

    [Fact]
    public void Json_lines_with_many_labels()
    {
        var rows = Many(Write("d.jsonl", "\uFEFF{\"text\": \"a\", \"labels\": [\"x\", \"y\"]}\n{\"text\": \"b\", \"labels\": {\"x\": 0.7, \"z\": 1}}\n{\"text\": \"c\", \"labels\": []}\n{\"text\": \"d\", \"label\": \"x\"}\n"));
        Assert.Equal([("x", 1f), ("y", 1f)], rows[0].Labels);
        Assert.Equal([("x", 0.7f), ("z", 1f)], rows[1].Labels);
        Assert.Empty(rows[2].Labels);
        Assert.Equal([("x", 1f)], rows[3].Labels);
    }

    [Fact]
    public void Csv_with_quotes_and_named_columns()
    {
        var path = Write("d.csv", "id,category,text\r\n1,x,\"a, \"\"b\"\"\nnext line\"\r\n2,y,plain \"as is\"\r\n");
        Assert.Equal([("a, \"b\"\nnext line", "", "x"), ("plain \"as is\"", "", "y")], One(path, new() { LabelColumn = "category" }));
    }

    [Fact]
    public void Tsv_without_a_header_and_labels_by_number()
    {
        var names = Write("labels.txt", "joy\nanger\nsorrow\n");
        var rows = Many(Write("d.tsv", "\"Great\" stuff\t0,2\tid1\nno\t1\tid2\n"), new() { TextColumn = "0", LabelColumn = "1", LabelNames = names });
        Assert.Equal("\"Great\" stuff", rows[0].Text);
        Assert.Equal([("joy", 1f), ("sorrow", 1f)], rows[0].Labels);
        Assert.Equal([("anger", 1f)], rows[1].Labels);
    }

    (string Text, string Second, float Score)[] Scored(string path, LabeledTextFormat? format = null)
    {
        var view = ml.SentencePairs().LoadFromFile(path, format);
        return [.. view.GetColumn<string>("Text").Zip(view.GetColumn<string>("SecondText"), view.GetColumn<float>("Score"))];
    }

    [Fact]
    public void Scored_pairs_under_their_usual_names()
    {
        (string, string, float)[] expected = [("a", "b", 0.5f), ("c", "d", -2f)];
        Assert.Equal(expected, Scored(Write("d.jsonl", "{\"text1\": \"a\", \"text2\": \"b\", \"score\": 0.5}\n{\"label\": \"other\", \"score\": \"-2\", \"sentence2\": \"d\", \"sentence1\": \"c\"}\n")));
        Assert.Equal(expected, Scored(Write("d.tsv", "id\tsentence1\tsentence2\tlabel\n1\ta\tb\t0.5\n2\tc\td\t-2\n")));
        Assert.Equal(expected, Scored(Write("d.csv", "score,text1,text2,label\n0.5,a,b,x\n-2,c,d,y\n")));
        Assert.Equal(expected, Scored(Write("d.jsonl", "{\"text\": \"a\", \"text2\": \"b\", \"label\": 0.5}\n{\"text\": \"c\", \"text2\": \"d\", \"label\": -2, \"score\": -2}\n")));
        Assert.Equal(expected, Scored(Write("d.tsv", "a\t0.5\tb\nc\t-2\td\n"), new() { TextColumn = "0", SecondTextColumn = "2", LabelColumn = "1" }));
    }

    [Theory]
    [InlineData("d.jsonl", "{\"text1\": \"a\", \"text2\": \"b\"}", new[] { "line 1", "'score' is missing" })]
    [InlineData("d.jsonl", "{\"text1\": \"a\", \"text2\": \"b\", \"label\": [1]}", new[] { "line 1", "'score' is missing" })]
    [InlineData("d.jsonl", "{\"text1\": \"a\", \"score\": 1}", new[] { "line 1", "'text2' is missing" })]
    [InlineData("d.jsonl", "{\"text1\": \"a\", \"text2\": \"b\", \"score\": \"high\"}", new[] { "line 1", "column 39", "'score' is not a number" })]
    [InlineData("d.jsonl", "{\"text1\": \"a\", \"text2\": \"b\", \"score\": 1e60}", new[] { "line 1", "'score' is not a number", "1e60" })]
    [InlineData("d.csv", "text1,text2,score\na,b,\n", new[] { "line 2", "column 5", "the score is not a number" })]
    [InlineData("d.csv", "text1,score\na,1\n", new[] { "line 1", "no column 'text2' or 'sentence2'", "--second-text-column" })]
    [InlineData("d.csv", "text1,text2,score\n", new[] { "no rows" })]
    [InlineData("d.jsonl", "", new[] { "no rows", "\"text1\"" })]
    public void Bad_pairs_are_explained(string name, string content, string[] words)
    {
        var message = Assert.Throws<DataFormatException>(() => Scored(Write(name, content))).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Numbered_pairs_need_all_three_columns() =>
        Assert.Contains("--second-text-column", Assert.Throws<DataFormatException>(() => Scored(Write("d.tsv", "a\tb\t1\n"), new() { TextColumn = "0", LabelColumn = "2" })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_quote_that_is_never_closed_is_found_in_linear_time()
    {
        var path = Write("d.csv", "text,label\n\"He said so,label\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"this is row number {i},label\n")));
        var watch = Stopwatch.StartNew();
        var message = Assert.Throws<DataFormatException>(() => One(path)).Message;
        // Far more than it needs; with the whole field looked at again for every line it takes many minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.All((string[])["line 2", "a quoted field is not closed", "the end of the file"], word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_quote_that_is_not_closed_for_millions_of_characters_ends_the_reading()
    {
        var path = Write("d.csv", "text,label\n\"He said so,label\n" + string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 60_000)));
        Assert.Contains("line 2", Assert.Throws<DataFormatException>(() => One(path)).Message, StringComparison.Ordinal);
        Assert.Contains("more than 4194304 characters", Assert.Throws<DataFormatException>(() => One(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quotes_over_several_lines()
    {
        var path = Write("d.csv", "text,label\n\"one \"\"\n,\"\"\n\n\"\"\"\"two\"\"\",x\n\"\n\",y\nsay \"a b,z\n");
        Assert.Equal([("one \"\n,\"\n\n\"\"two\"", "", "x"), ("\n", "", "y"), ("say \"a b", "", "z")], One(path));
    }

    [Fact]
    public void Labels_are_checked_against_the_training_data()
    {
        var (train, valid, test) = (Write("train.csv", "text,label\na,x\nb,y\n"), Write("valid.jsonl", "{\"text\": \"a\", \"label\": \"x\"}\n"), Write("test.csv", "text,label\n\"a\nb\",x\nc,z\n"));
        new LabeledTextFormat().CheckLabels(train, [valid], many: false);
        new LabeledTextFormat().CheckLabels("no such file", [], many: false);
        var message = Assert.Throws<DataFormatException>(() => new LabeledTextFormat().CheckLabels(train, [valid, test], many: false)).Message;
        Assert.All((string[])["the label 'z' is unknown", "test.csv, line 4", "'x', 'y'"], word => Assert.Contains(word, message, StringComparison.Ordinal));
        var many = Write("many.jsonl", "\n{\"text\": \"a\", \"labels\": {\"x\": 1, \"w\": 0.1}}\n");
        Assert.Contains("the label 'w' is unknown (" + many + ", line 2)", Assert.Throws<DataFormatException>(() => new LabeledTextFormat().CheckLabels(train, [many], many: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_whose_text_stands_for_a_missing_one_are_left_out()
    {
        var path = Write("d.tsv", "text\ttext2\tlabel\nNS\ta\tx\nb\tNS\ty\nNS.\tc\tz\n");
        Assert.Equal([("NS.", "c", "z")], One(path, new() { Drop = "NS" }));
        Assert.Equal(3, One(path).Length);
        var message = Assert.Throws<DataFormatException>(() => One(Write("all.tsv", "text\tlabel\nNS\tx\nNS\ty\n"), new() { Drop = "NS" })).Message;
        Assert.Contains("all.tsv", message, StringComparison.Ordinal);
        Assert.Contains("'NS' in all 2 rows", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_separator() => Assert.Equal([("x", 1f), ("y z", 1f)], Many(Write("d.csv", "text,labels\nhi,x;y z\n"), new() { LabelSeparator = ";" })[0].Labels);

    public static TheoryData<string, string, LabeledTextFormat, string[]> Bad => new()
    {
        { "d.jsonl", "", new(), ["no rows"] },
        { "d.jsonl", "{\"text\": \"a\", \"label\": \"x\"}\nnonsense", new(), ["line 2", "column 2", "not JSON"] },
        { "d.jsonl", "[1]", new(), ["line 1", "not an object"] },
        { "d.jsonl", "{\"label\": \"x\"}", new(), ["line 1", "'text' is missing"] },
        { "d.jsonl", "{\"text\": \"a\"}", new(), ["line 1", "'label' is missing"] },
        { "d.jsonl", "{\"text\": 5, \"label\": \"x\"}", new(), ["line 1", "column 10", "'text' is not a string"] },
        { "d.jsonl", "{\"text\": \"a\", \"label\": \"\"}", new(), ["line 1", "column 24", "not a label"] },
        { "d.jsonl", "{\"text\": \"a\", \"label\": \"x\", \"text\": \"b\"}", new(), ["line 1", "column 29", "'text' is there twice"] },
        { "d.jsonl", "{\"id\": 1, \"text\": \"a\", \"id\": 2, \"label\": \"x\"}", new(), ["line 1", "'id' is there twice"] },
        { "d.jsonl", "{\"text\": \"a\", \"label\": \"x\", \"labels\": \"y\"}", new(), ["line 1", "'label' and a field 'labels'", "--label-column"] },
        { "d.csv", "", new(), ["no rows", "an empty file"] },
        { "d.csv", "text,label\n", new(), ["no rows"] },
        { "d.csv", "text,category\na,b\n", new(), ["line 1", "no column 'label' or 'labels'", "--label-column", "'category'"] },
        { "d.csv", "text,label\na\n", new(), ["line 2", "too few columns", "at least 2"] },
        { "d.csv", "text,label\n\"a,b\n", new(), ["line 2", "not closed"] },
        { "d.csv", "text,label\n\"a\"x,b\n", new(), ["line 2", "column 4", "after a quoted field"] },
        { "d.csv", "text,label\na,\n", new(), ["line 2", "column 3", "label is empty"] },
        { "d.tsv", "a\t7\n", new() { TextColumn = "0", LabelColumn = "1", LabelNames = "NAMES" }, ["line 1", "a number from 0 to 1", "'7'"] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Bad_files_are_explained(string name, string content, LabeledTextFormat format, string[] words)
    {
        if (format.LabelNames is not null) format = format with { LabelNames = Write("names.txt", "a\nb\n") };
        var message = Assert.Throws<DataFormatException>(() => One(Write(name, content), format)).Message;
        Assert.All(words.Prepend(name), word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    public static TheoryData<string, string[]> BadLabels => new()
    {
        { "{\"text\": \"a\", \"labels\": [\"x\", 5]}", ["column 31", "not a label"] },
        { "{\"text\": \"a\", \"labels\": {\"x\": 1.5}}", ["'x' is not in range", "0 to 1"] },
        { "{\"text\": \"a\", \"labels\": {\"x\": \"high\"}}", ["'x' is not in range"] },
        { "{\"text\": \"a\", \"labels\": 5}", ["holds no labels"] },
        { "{\"text\": \"a\"}", ["'labels' is missing"] },
        { "{\"text\": \"a\", \"label\": \"x\", \"labels\": [\"p\", \"q\"]}", ["'label' and a field 'labels'"] },
    };

    [Theory]
    [MemberData(nameof(BadLabels))]
    public void Bad_label_lists_are_explained(string content, string[] words)
    {
        var message = Assert.Throws<DataFormatException>(() => Many(Write("d.jsonl", content))).Message;
        Assert.All(words.Append("line 1"), word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_files_and_impossible_formats_are_refused_at_once()
    {
        Assert.Contains("does not exist", Assert.Throws<DataFormatException>(() => ml.Data.LoadLabeledTexts(Path.Combine(folder, "none.csv"))).Message, StringComparison.Ordinal);
        var path = Write("d.csv", "a,b\n");
        Assert.Contains("all of them by number", Assert.Throws<ArgumentException>(() => ml.Data.LoadLabeledTexts(path, new() { TextColumn = "0" })).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
