using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class TextLoaderTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("text-loader-tests").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string text, string name = "data.txt")
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class Row
    {
        [LoadColumn(0)]
        public string Text { get; set; } = "";

        [LoadColumn(1)]
        public float Number { get; set; }

        [LoadColumn(2)]
        public bool Flag { get; set; }

        [LoadColumn(3)]
        public int Integer { get; set; }
    }

    private Row[] Load(string text, char separator = ',', bool quoting = true, bool header = false, bool trim = false)
        => [.. _ml.Data.CreateEnumerable<Row>(_ml.Data.LoadFromTextFile<Row>(Write(text), separator, header, quoting, trim), false)];

    [Fact]
    public void Lines_become_rows()
    {
        var rows = Load("text,number,flag,integer\na,1.5,true,-3\n\"b, c\",-2e3,0,4\n// comment\n\n  d  ,?,Y,\n", header: true);

        Assert.Equal(["a", "b, c", "d  "], rows.Select(row => row.Text));
        Assert.Equal([1.5f, -2000, float.NaN], rows.Select(row => row.Number));
        Assert.Equal([true, false, true], rows.Select(row => row.Flag));
        Assert.Equal(-3, rows[0].Integer);
        Assert.Equal(0, rows[2].Integer);
    }

    [Fact]
    public void Quotes_are_escaped_by_doubling_and_do_not_count_unless_allowed()
    {
        Assert.Equal("say \"hi\", you", Load("\"say \"\"hi\"\", you\",1\n")[0].Text);
        Assert.Equal("\"a", Load("\"a,1\n", quoting: false)[0].Text);
        Assert.Equal("", Load("\"a\" b,1\n")[0].Text);
    }

    [Theory]
    [InlineData("1", 1f)]
    [InlineData("", 0f)]
    [InlineData(" 1.25 ", 1.25f)]
    [InlineData("-.5", -0.5f)]
    [InlineData("1e-2", 0.01f)]
    [InlineData("NaN", float.NaN)]
    [InlineData("?", float.NaN)]
    [InlineData("Infinity", float.PositiveInfinity)]
    [InlineData("-∞", float.NegativeInfinity)]
    [InlineData("abc", float.NaN)]
    [InlineData("1.5x", float.NaN)]
    public void Numbers_are_read_or_missing(string text, float expected) => Assert.Equal(expected, Load($"a,{text},1,1\n")[0].Number);

    [Theory]
    [InlineData("a,1,maybe,1", "Flag")]
    [InlineData("a,1,1,1.5", "Integer")]
    [InlineData("a,1,1,+4", "Integer")]
    [InlineData("a,1,1,99999999999", "Integer")]
    public void Values_that_cannot_be_missing_are_errors_that_name_the_column(string line, string column)
    {
        var error = Assert.ThrowsAny<Exception>(() => Load($"a,1,1,1\n{line}\n"));
        Assert.Contains(column, error.ToString());
        Assert.Contains("line 2", error.ToString());
    }

    [Fact]
    public void Text_that_cannot_be_read_is_reported_to_the_log()
    {
        var log = new ConcurrentQueue<string>();
        _ml.Log += (_, message) => log.Enqueue($"{message.Kind}: {message.RawMessage}");
        Load("a,bad,1,1\n\"b\"c,1,1,1\n");

        Assert.Contains("Info:   Bad value at line 1 in column Number", log);
        var warning = Assert.Single(log, message => message.StartsWith("Warning: Format error", StringComparison.Ordinal));
        Assert.EndsWith("Illegal quoting", warning);
        Assert.Contains("Info: Processed 2 rows with 1 bad values and 1 format errors", log);
    }

    [Fact]
    public void Ranges_make_vectors()
    {
        var path = Write("l\tx\ty\tz\n1\t2\t3\t4\n5\t6\t0\t0\n");
        var loader = _ml.Data.CreateTextLoader(
        [
            new("Label", DataKind.Single, 0), new("Features", DataKind.Single, 1, 3), new("Rest", DataKind.String, [new(2, null)]),
            new("Picked", DataKind.Int32, [new(3), new(0)]),
        ], hasHeader: true, dataSample: new MultiFileSource(path));
        var data = loader.Load(path);

        Assert.Equal("Label:Single Features:Vector<Single, 3> Rest:Vector<String, 2> Picked:Vector<Int32, 2>",
            string.Join(" ", data.Schema.Select(column => $"{column.Name}:{column.Type}")));
        Assert.Equal([[2, 3, 4], [6, 0, 0]], data.GetColumn<float[]>("Features").ToArray());
        Assert.Equal([["3", "4"], ["0", "0"]], data.GetColumn<string[]>("Rest").ToArray());
        Assert.Equal([[4, 1], [0, 5]], data.GetColumn<int[]>("Picked").ToArray());
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Features"].GetSlotNames(ref names);
        Assert.Equal(["x", "y", "z"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Variable_and_remaining_fields_are_collected()
    {
        var path = Write("1 2 3\n4\n5 6 7 8\n");
        TextLoader.Column Variable() => new("All", DataKind.Single, [new() { Min = 1, VariableEnd = true }]);
        var data = _ml.Data.LoadFromTextFile(path, [new("First", DataKind.Single, 0), Variable()], ' ');
        Assert.Equal([[2, 3], [], [6, 7, 8]], data.GetColumn<float[]>("All").ToArray());

        path = Write("1 2 3 4\n5 6 7 8\n");
        var others = new TextLoader.Column("Others", DataKind.Single, [new() { Min = 0, Max = 3, AllOther = true }]);
        data = _ml.Data.LoadFromTextFile(path, [new("Second", DataKind.Single, 1), others], ' ');
        Assert.Equal([[1, 3, 4], [5, 7, 8]], data.GetColumn<float[]>("Others").ToArray());
    }

    [Fact]
    public void Sparse_lines_list_what_is_not_zero()
    {
        var path = Write("1 4 0:5 2:6\n0 4 3:7\n2 1 2 3 4\n");
        var data = _ml.Data.LoadFromTextFile(path, [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, 1, 4)], ' ', allowSparse: true);

        Assert.Equal([1f, 0f, 2f], data.GetColumn<float>("Label"));
        Assert.Equal([[5, 0, 6, 0], [0, 0, 0, 7], [1, 2, 3, 4]], data.GetColumn<float[]>("Features").ToArray());
    }

    [Fact]
    public void Keys_times_and_durations_are_read()
    {
        var path = Write("0;2020-01-02;01:02:03\n2;2021-05-06 07:08:09;-00:00:01\n9;;\n");
        var data = _ml.Data.LoadFromTextFile(path,
        [
            new("Key", DataKind.UInt32, [new(0)], new KeyCount(3)), new("Time", DataKind.DateTime, 1), new("Span", DataKind.TimeSpan, 2),
        ], ';');

        Assert.Equal("Key<UInt32, 0-2>", data.Schema["Key"].Type.ToString());
        Assert.Equal([1u, 3u, 0u], data.GetColumn<uint>("Key"));
        Assert.Equal([new DateTime(2020, 1, 2), new DateTime(2021, 5, 6, 7, 8, 9), default], data.GetColumn<DateTime>("Time"));
        Assert.Equal([new TimeSpan(1, 2, 3), TimeSpan.FromSeconds(-1), default], data.GetColumn<TimeSpan>("Span"));
    }

    [Fact]
    public void Options_change_how_text_is_read()
    {
        var options = new TextLoader.Options
        {
            Separators = [';', '|'], DecimalMarker = ',', AllowQuoting = true, ReadMultilines = true, MissingRealsAsNaNs = true, MaxRows = 2, EscapeChar = '\\',
        };
        var path = Write("\"two\nlines \\\"quoted\\\"\";1,5|yes;3\nb;;no;4\nc;1;1;1\n");
        var rows = _ml.Data.CreateEnumerable<Row>(_ml.Data.LoadFromTextFile<Row>(path, options), false).ToArray();

        Assert.Equal(["two\nlines \"quoted\"", "b"], rows.Select(row => row.Text));
        Assert.Equal([1.5f, float.NaN], rows.Select(row => row.Number));
        Assert.Equal([true, false], rows.Select(row => row.Flag));
    }

    private string[] Records(string text, char escape = '"') => [.. _ml.Data.LoadFromTextFile(
        Write(text), new TextLoader.Options { Separators = [','], AllowQuoting = true, ReadMultilines = true, EscapeChar = escape, Columns = [new("A", DataKind.String, 0), new("B", DataKind.String, 1)] })
        .GetColumn<string>("A")];

    [Fact]
    public void A_quoted_field_that_is_never_closed_is_an_error()
    {
        var error = Assert.Throws<FormatException>(() => Records("x,1\n\"open,2\ny,3\nz,4\n"));
        Assert.StartsWith("A quoted field opened on line 1 was never closed", Assert.IsType<EndOfStreamException>(error.GetBaseException()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quotes_in_comments_and_behind_an_error_open_no_field()
    {
        Assert.Equal(["x", "y", "z"], Records("x,1\n// see,\"note\ny,3\nz,4\n"));
        Assert.Equal(["", "y", "z"], Records("\"ab\"c,\"d\ny,3\nz,4\n"));
        Assert.Equal(["a", "z"], Records("\"a\" ,\"d\n\ny\",3\nz,4\n"));
    }

    [Fact]
    public void A_field_may_have_many_lines()
    {
        var field = string.Join('\n', Enumerable.Repeat("a \"\"line\"\",", 50_000));
        Assert.Equal([field.Replace("\"\"", "\"", StringComparison.Ordinal), "b"], Records($"\"{field}\",1\nb,2\n"));
    }

    [Fact]
    public void An_escaped_escape_character_escapes_nothing()
    {
        Assert.Equal([@"a\\", "b"], Records("\"a\\\\\",1\nb,2\n", '\\'));
        Assert.Equal(["a\"", "b"], Records("\"a\\\"\",1\nb,2\n", '\\'));
    }

    [Fact]
    public void Real_numbers_that_the_line_lacks_are_missing_where_that_is_asked_for()
    {
        var options = new TextLoader.Options
        {
            Separators = [','], MissingRealsAsNaNs = true,
            Columns = [new("V", DataKind.Single, 0, 2), new("S", DataKind.Double, 3), new("I", DataKind.Int32, 4), new("W", DataKind.Int32, [new(1, 2)])],
        };
        var data = _ml.Data.LoadFromTextFile(Write("1\n2,,3,4,5\n"), options);
        Assert.Equal([[1, float.NaN, float.NaN], [2, float.NaN, 3]], data.GetColumn<float[]>("V").ToArray());
        Assert.Equal([double.NaN, 4], data.GetColumn<double>("S"));
        Assert.Equal([0, 5], data.GetColumn<int>("I"));
        Assert.Equal([[0, 0], [0, 3]], data.GetColumn<int[]>("W").ToArray());
    }

    [Theory]
    [InlineData("1,0,0,-0,0,0", 6)]
    [InlineData("1,0,0,0", 6)]
    [InlineData("1,,,0,,2", 3)]
    [InlineData("1,,,,,", 1)]
    public void A_vector_is_dense_where_more_than_half_of_its_fields_are_written(string line, int stored)
    {
        var vector = _ml.Data.LoadFromTextFile(Write(line + "\n"), [new("V", DataKind.Single, 0, 5)], ',').GetColumn<VBuffer<float>>("V").Single();
        Assert.Equal(stored, vector.GetValues().Length);
        if (line.Contains('-', StringComparison.Ordinal)) Assert.True(float.IsNegative(vector.GetValues()[3]));
    }

    [Theory]
    [InlineData(int.MaxValue, "Max")]
    [InlineData(int.MaxValue - 1, "Max")]
    public void A_range_that_cannot_be_is_refused(int max, string name)
        => Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => _ml.Data.CreateTextLoader([new("V", DataKind.Single, 0, max)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_of_a_header_take_no_more_memory_than_they_are()
    {
        var sample = new MultiFileSource(Write("a,b,c\n1,2,3\n"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var loader = _ml.Data.CreateTextLoader([new("F", DataKind.Single, 1, 100_000_000)], ',', true, sample);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);

        VBuffer<ReadOnlyMemory<char>> names = default;
        loader.GetOutputSchema()["F"].GetSlotNames(ref names);
        Assert.Equal(["b", "c"], names.GetValues().ToArray().Select(text => text.ToString()));
        Assert.Equal(100_000_000, names.Length);
    }

    [Fact]
    public void Folders_are_searched_with_all_that_is_in_them()
    {
        var inner = Directory.CreateDirectory(Path.Combine(_folder, "data", "inner")).FullName;
        File.WriteAllText(Path.Combine(inner, "b.csv"), "b,1,1,1\n");
        File.WriteAllText(Path.Combine(inner, "c.txt"), "c,1,1,1\n");
        File.WriteAllText(Path.Combine(_folder, "data", "a.csv"), "a,1,1,1\n");
        Assert.Equal(["a", "b", "c"], _ml.Data.LoadFromTextFile<Row>(Path.Combine(_folder, "data", "..."), ',').GetColumn<string>("Text"));
        Assert.Equal(["a", "b"], _ml.Data.LoadFromTextFile<Row>(Path.Combine(_folder, "data", "...", "*.csv"), ',').GetColumn<string>("Text"));
    }

    [Fact]
    public void Several_files_are_read_one_after_the_other()
    {
        Write("a,1,1,1\n", "part-1.csv");
        Write("b,2,1,1\n", "part-2.csv");
        var data = _ml.Data.CreateTextLoader<Row>(',').Load(Path.Combine(_folder, "part-1.csv"), Path.Combine(_folder, "part-2.csv"));
        Assert.Equal(["a", "b"], data.GetColumn<string>("Text"));
        Assert.Equal(["a", "b"], _ml.Data.LoadFromTextFile<Row>(Path.Combine(_folder, "part-*.csv"), ',').GetColumn<string>("Text"));
    }

    [Fact]
    public void Files_are_opened_by_cursors_only_and_closed_by_them()
    {
        var path = Write("a,1,1,1\nb,1,1,1\n");
        var data = _ml.Data.LoadFromTextFile<Row>(path, ',');
        File.Delete(path);
        Assert.ThrowsAny<Exception>(() => data.GetColumn<string>("Text").ToArray());
        Write("c,1,1,1\n");
        Assert.Equal(["c"], data.GetColumn<string>("Text"));
        Assert.Contains("nowhere", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile<Row>("nowhere.txt")).Message);
    }

    [Fact]
    public void A_loader_is_saved_with_the_model()
    {
        var path = Write("l,x,y\n1,2,3\n");
        var loader = _ml.Data.CreateTextLoader([new("Label", DataKind.UInt32, [new(0)], new KeyCount(5)), new("F", DataKind.Single, 1, 2)], ',', true,
            new MultiFileSource(path));
        var model = _ml.Transforms.CopyColumns("Copy", "F").Fit(loader.Load(path));
        using var stream = new MemoryStream();
        _ml.Model.Save(model, loader, stream);
        stream.Position = 0;

        var loaded = new MLContext().Model.LoadWithDataLoader(stream, out var loadedLoader);

        var data = loaded.Transform(loadedLoader.Load(new MultiFileSource(path)));
        Assert.Equal("Label:Key<UInt32, 0-4> F:Vector<Single, 2> Copy:Vector<Single, 2>", string.Join(" ", data.Schema.Select(c => $"{c.Name}:{c.Type}")));
        Assert.Equal([[2, 3]], data.GetColumn<float[]>("Copy").ToArray());
        Assert.Equal([2u], data.GetColumn<uint>("Label"));
        Assert.True(data.Schema["F"].HasSlotNames());
    }

    [Fact]
    public void Bad_descriptions_are_refused()
    {
        TextLoader Make(params TextLoader.Column[] columns) => _ml.Data.CreateTextLoader(columns);

        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new TextLoader.Column("A", DataKind.Single, [])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new TextLoader.Column("A", DataKind.Single, [new(0, 3), new(2, 5)])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new TextLoader.Column("A", DataKind.Single, [new(0, null)])));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateTextLoader<Row>('1'));
        Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateTextLoader<KeyValuePair<string, int>>());
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextLoader.Range(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextLoader.Range(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyCount(0));
    }
}
