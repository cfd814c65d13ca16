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
