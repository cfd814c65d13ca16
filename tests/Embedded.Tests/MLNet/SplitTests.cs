using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

/// <summary>Which rows a split takes is fixed by its seed. The numbers here are those of ML.NET 5.0.0.</summary>
public sealed class SplitTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public int Id { get; set; }

        public string Text { get; set; } = "";

        public float Number { get; set; }

        public long Long { get; set; }

        public bool Flag { get; set; }

        public DateTime Time { get; set; }

        [KeyType(10)]
        public uint Key { get; set; }
    }

    private static readonly string[] _texts = ["", "a", " a ", "abcd", "été", "中文", "a中文字é", "😀x", "longer text", "z"];

    private IDataView Data => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row
    {
        Id = i,
        Text = _texts[i % 10],
        Number = i % 10 == 9 ? float.NaN : i % 10,
        Long = (i % 10) * 10_000_000_000L,
        Flag = i % 2 == 1,
        Time = new DateTime(2020, 1, 1).AddDays(i % 10),
        Key = (uint)i % 11,
    }).ToArray());

    private static string Ids(IDataView data) => string.Join(" ", data.GetColumn<int>("Id"));

    [Theory]
    [InlineData(null, 1, "2 9 10 12 13 21 28 33 34 35 37")]
    [InlineData(null, -5, "0 6 10 22 25 31 34 38")]
    [InlineData("Text", 1, "5 7 8 15 17 18 25 27 28 35 37 38")]
    [InlineData("Number", 1, "0 1 2 10 11 12 20 21 22 30 31 32")]
    [InlineData("Long", 1, "2 4 7 9 12 14 17 19 22 24 27 29 32 34 37 39")]
    [InlineData("Flag", 3, "")]
    [InlineData("Time", 1, "2 4 6 7 8 12 14 16 17 18 22 24 26 27 28 32 34 36 37 38")]
    [InlineData("Key", 1, "0 1 2 11 12 13 22 23 24 33 34 35")]
    [InlineData("Id", 1, "3 10 13 16 17 33 35 38")]
    public void Train_and_test_rows_are_those_of_the_seed(string? key, int seed, string expected)
    {
        var split = _ml.Data.TrainTestSplit(Data, 0.3, key, seed);

        Assert.Equal(expected, Ids(split.TestSet));
        // A row whose key is missing is in neither set.
        int missing = key is "Text" or "Number" ? 4 : key == "Key" ? 3 : 0;
        Assert.Equal(40 - missing, split.TestSet.GetColumn<int>("Id").Concat(split.TrainSet.GetColumn<int>("Id")).Distinct().Count());
    }

    [Fact]
    public void An_infinite_number_leaves_nothing_to_split_the_rows_by()
    {
        var rows = Enumerable.Range(0, 10).Select(i => new Row { Id = i, Number = i == 9 ? float.PositiveInfinity : i });
        var split = _ml.Data.TrainTestSplit(_ml.Data.LoadFromEnumerable(rows), 0.3, nameof(Row.Number));
        Assert.Equal("", Ids(split.TrainSet));
        Assert.Equal("0 1 2 3 4 5 6 7 8", Ids(split.TestSet));
    }

    [Fact]
    public void The_seed_of_the_context_is_the_default_one()
    {
        Assert.Equal(Ids(_ml.Data.TrainTestSplit(Data, 0.3, seed: 1).TestSet), Ids(_ml.Data.TrainTestSplit(Data, 0.3).TestSet));
        Assert.Equal(Ids(_ml.Data.TrainTestSplit(Data, 0.3, "Text", 1).TestSet), Ids(_ml.Data.TrainTestSplit(Data, 0.3, "Text").TestSet));
        Assert.Equal("5 6 10 18 20 28 31 32 37", Ids(new MLContext().Data.TrainTestSplit(Data, 0.3).TestSet));
    }

    [Fact]
    public void Splits_keep_the_columns_and_can_be_read_again()
    {
        var split = _ml.Data.TrainTestSplit(Data, 0.3);

        Assert.Equal(Data.Schema.Select(column => column.ToString()), split.TestSet.Schema.Select(column => column.ToString()));
        Assert.Equal(Ids(split.TestSet), Ids(split.TestSet));
        Assert.Null(split.TrainSet.GetRowCount());
    }

    [Fact]
    public void Folds_are_disjoint_and_cover_all_rows()
    {
        foreach (var key in new[] { null, "Text", "Time" })
        {
            var folds = _ml.Data.CrossValidationSplit(Data, 4, key, 2);

            Assert.Equal(4, folds.Count);
            // Rows without a key are in no fold.
            int missing = key == "Text" ? 4 : 0;
            Assert.Equal(40 - missing, folds.Sum(fold => fold.TestSet.GetColumn<int>("Id").Count()));
            Assert.All(folds, fold => Assert.Empty(fold.TestSet.GetColumn<int>("Id").Intersect(fold.TrainSet.GetColumn<int>("Id"))));
            Assert.All(folds, fold => Assert.Equal(
                40 - missing, fold.TestSet.GetColumn<int>("Id").Concat(fold.TrainSet.GetColumn<int>("Id")).Distinct().Count()));
        }
        Assert.Equal(
            ["2 4 9 17 25 31 33 36", "0 3 11 14 18 23 27 28 29 32 37 39", "5 7 10 12 13 15 22 26 30 35", "1 6 8 16 19 20 21 24 34 38"],
            _ml.Data.CrossValidationSplit(Data, 4, seed: 2).Select(fold => Ids(fold.TestSet)));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(Data, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(Data, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CrossValidationSplit(Data, 1));
        Assert.Contains("'None'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(Data, 0.5, "None")).Message);
        Assert.Throws<ArgumentNullException>(() => _ml.Data.TrainTestSplit(null!));
    }
}
