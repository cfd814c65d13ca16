using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class DataOperationTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public int Id { get; set; }

        public float Value { get; set; }

        public double[] Numbers { get; set; } = [];

        [KeyType(4)]
        public uint Key { get; set; }

        public string Text { get; set; } = "";
    }

    private IDataView Rows(int count) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row
    {
        Id = i,
        Value = i % 5 == 4 ? float.NaN : i,
        Numbers = [.. Enumerable.Repeat((double)i, i % 3)],
        Key = (uint)i % 5,
        Text = $"t{i}",
    }).ToArray());

    private static int[] Ids(IDataView data) => [.. data.GetColumn<int>("Id")];

    [Fact]
    public void Take_and_skip_count_rows()
    {
        Assert.Equal([0, 1, 2], Ids(_ml.Data.TakeRows(Rows(10), 3)));
        Assert.Equal([8, 9], Ids(_ml.Data.SkipRows(Rows(10), 8)));
        Assert.Empty(Ids(_ml.Data.SkipRows(Rows(3), 8)));
        Assert.Equal([3, 4], Ids(_ml.Data.TakeRows(_ml.Data.SkipRows(Rows(10), 3), 2)));
        Assert.Equal([0, 1, 2], Ids(_ml.Data.TakeRows(Rows(3), 100)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(Rows(1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.SkipRows(Rows(1), 0));
    }

    [Fact]
    public void Taking_reads_no_more_than_it_gives()
    {
        var spy = new SpyView(Rows(100));
        Assert.Equal(3, Ids(_ml.Data.TakeRows(spy, 3)).Length);
        Assert.True(spy.RowsRead <= 4);
        Assert.Equal(spy.Opened, spy.Disposed);
    }

    [Fact]
    public void Rows_are_filtered_by_value()
    {
        Assert.Equal([2, 3], Ids(_ml.Data.FilterRowsByColumn(Rows(10), "Value", 2, 5)));
        Assert.Equal([0, 1, 2, 3, 5, 6, 7, 8], Ids(_ml.Data.FilterRowsByColumn(Rows(10), "Value")));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Rows(1), "Value", 2, 2));
        Assert.Contains("'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Rows(1), "Text", 0, 1)).Message);
        Assert.Contains("'Id'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Rows(1), "Id", 0, 1)).Message);
    }

    [Fact]
    public void Rows_are_filtered_by_the_fraction_of_their_key()
    {
        Assert.Equal([0, 1, 5, 6], Ids(_ml.Data.FilterRowsByKeyColumnFraction(Rows(10), "Key", 0, 0.5)));
        Assert.Equal([0, 1, 2, 3], Ids(_ml.Data.FilterRowsByKeyColumnFraction(Rows(5), "Key")));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByKeyColumnFraction(Rows(5), "Key", 0, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByKeyColumnFraction(Rows(5), "Value"));
    }

    [Fact]
    public void Rows_with_missing_values_are_dropped()
    {
        Assert.Equal([0, 1, 2, 3, 5], Ids(_ml.Data.FilterRowsByMissingValues(Rows(6), "Value")));
        Assert.Equal([0, 1, 2, 3, 5], Ids(_ml.Data.FilterRowsByMissingValues(Rows(6), "Key", "Numbers")));
        Assert.Contains("'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(Rows(1), "Text")).Message);
        Assert.Contains("'None'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(Rows(1), "None")).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Shuffling_permutes_whole_rows(int pool)
    {
        var shuffled = _ml.Data.ShuffleRows(Rows(50), seed: 3, shufflePoolSize: pool);
        var rows = _ml.Data.CreateEnumerable<Row>(shuffled, false).ToArray();

        Assert.Equal(Enumerable.Range(0, 50), rows.Select(row => row.Id).Order());
        Assert.All(rows, row => Assert.Equal(($"t{row.Id}", row.Id % 3), (row.Text, row.Numbers.Length)));
        Assert.All(rows, row => Assert.All(row.Numbers, number => Assert.Equal(row.Id, number)));
    }

    [Fact]
    public void The_seed_decides_the_order_of_shuffled_rows()
    {
        Assert.Equal(Ids(_ml.Data.ShuffleRows(Rows(50), seed: 3)), Ids(_ml.Data.ShuffleRows(Rows(50), seed: 3)));
        Assert.NotEqual(Ids(_ml.Data.ShuffleRows(Rows(50), seed: 3)), Ids(_ml.Data.ShuffleRows(Rows(50), seed: 4)));
        Assert.NotEqual(Enumerable.Range(0, 50), Ids(_ml.Data.ShuffleRows(Rows(50), seed: 3)));
        var unseeded = _ml.Data.ShuffleRows(Rows(50));
        Assert.Equal(Ids(unseeded), Ids(unseeded));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.ShuffleRows(Rows(1), shufflePoolSize: 0));
    }

    [Fact]
    public void Cached_columns_are_read_once()
    {
        var spy = new SpyView(Rows(20));
        var cached = _ml.Data.Cache(spy);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Enumerable.Range(0, 20), Ids(cached));
            Assert.Equal(Rows(20).GetColumn<double[]>("Numbers"), cached.GetColumn<double[]>("Numbers"));
            Assert.Equal(Rows(20).GetColumn<string>("Text"), cached.GetColumn<string>("Text"));
        }

        Assert.Equal(["Id", "Numbers", "Text"], spy.Asked.Order());
        Assert.True(cached.CanShuffle);
        Assert.Equal(20, cached.GetRowCount());
        Assert.Contains("'None'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.Cache(Rows(1), "None")).Message);
    }

    [Fact]
    public void Cached_rows_can_be_read_in_random_order()
    {
        var cached = _ml.Data.Cache(Rows(50));
        using var cursor = cached.GetRowCursor([cached.Schema["Id"], cached.Schema["Text"]], new Random(5));
        var (id, text) = (cursor.GetGetter<int>(cached.Schema["Id"]), cursor.GetGetter<ReadOnlyMemory<char>>(cached.Schema["Text"]));
        var seen = new List<int>();
        var (number, label) = (0, default(ReadOnlyMemory<char>));
        while (cursor.MoveNext())
        {
            id(ref number);
            text(ref label);
            Assert.Equal($"t{number}", label.ToString());
            seen.Add(number);
        }
        Assert.NotEqual(Enumerable.Range(0, 50), seen);
        Assert.Equal(Enumerable.Range(0, 50), seen.Order());
    }

    [Fact]
    public void Columns_are_read_as_values_strings_and_arrays()
    {
        var data = Rows(3);
        Assert.Equal(["t0", "t1", "t2"], data.GetColumn<string>("Text"));
        Assert.Equal("t2", data.GetColumn<ReadOnlyMemory<char>>("Text").Last().ToString());
        Assert.Equal([[], [1], [2, 2]], data.GetColumn<double[]>("Numbers").ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Id"));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<float[]>("Numbers"));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<int[]>("Id"));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<int>("None"));
    }

    [Fact]
    public void A_preview_shows_the_first_rows()
    {
        var preview = Rows(10).Preview(maxRows: 2);

        Assert.Equal("5 columns, 2 rows", preview.ToString());
        Assert.Equal([KeyValuePair.Create<string, object>("Id", 1)], preview.RowView[1].Values.Take(1));
        Assert.Equal("Text: String", preview.ColumnView[4].ToString());
        Assert.Equal(["t0", "t1"], preview.ColumnView[4].Values.Select(value => value.ToString()));
        Assert.Equal("6 columns, 3 rows", _ml.Transforms.CopyColumns("New", "Id").Preview(Rows(10), maxRows: 3).ToString());
        Assert.Equal("6 columns, 3 rows", _ml.Transforms.CopyColumns("New", "Id").Fit(Rows(1)).Preview(Rows(10), maxRows: 3).ToString());
    }
}
