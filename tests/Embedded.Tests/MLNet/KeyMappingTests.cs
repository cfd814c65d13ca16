using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Embedded.Tests;

public sealed class KeyMappingTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string[] Words { get; set; } = [];

        public float Number { get; set; }

        public int Integer { get; set; }

        public bool Flag { get; set; }

        public DateTime Time { get; set; }

        [KeyType(5)]
        public uint Key { get; set; }
    }

    private IDataView Data => _ml.Data.LoadFromEnumerable<Row>(
    [
        new() { Text = "b", Words = ["x", "b", ""], Number = 2, Integer = 7, Flag = true, Time = new(2020, 1, 2), Key = 3 },
        new() { Text = "a", Words = ["y"], Number = float.NaN, Integer = -7, Time = new(2020, 1, 1), Key = 0 },
        new() { Text = "", Words = [], Number = 1.5f, Integer = 7, Time = new(2020, 1, 2), Key = 9 },
        new() { Text = "b", Words = ["x", "z"], Number = 2, Integer = 0, Time = new(2020, 1, 3), Key = 3 },
    ]);

    private static T[] KeyValues<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }

    private IDataView Map(string column, ValueToKeyMappingEstimator.KeyOrdinality order = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
        => _ml.Transforms.Conversion.MapValueToKey("Out", column, keyOrdinality: order).Fit(Data).Transform(Data);

    [Fact]
    public void Text_is_numbered_by_occurrence_or_by_value()
    {
        var output = Map("Text");
        Assert.Equal("Key<UInt32, 0-1>", output.Schema["Out"].Type.ToString());
        Assert.Equal([1u, 2u, 0u, 1u], output.GetColumn<uint>("Out"));
        Assert.Equal(["b", "a"], KeyValues<ReadOnlyMemory<char>>(output.Schema["Out"]).Select(value => value.ToString()));

        Assert.Equal([2u, 1u, 0u, 2u], Map("Text", ValueToKeyMappingEstimator.KeyOrdinality.ByValue).GetColumn<uint>("Out"));
    }

    [Fact]
    public void Vectors_are_mapped_item_by_item()
    {
        var output = Map("Words");
        Assert.Equal("Vector<Key<UInt32, 0-3>>", output.Schema["Out"].Type.ToString());
        Assert.Equal([[1, 2, 0], [3], [], [1, 4]], output.GetColumn<uint[]>("Out").ToArray());
    }

    [Fact]
    public void Numbers_flags_and_times_are_mapped_without_missing_values()
    {
        Assert.Equal([1u, 0u, 2u, 1u], Map("Number").GetColumn<uint>("Out"));
        Assert.Equal([2f, 1.5f], KeyValues<float>(Map("Number").Schema["Out"]));
        Assert.Equal([3u, 1u, 3u, 2u], Map("Integer", ValueToKeyMappingEstimator.KeyOrdinality.ByValue).GetColumn<uint>("Out"));
        Assert.Equal([1u, 2u, 2u, 2u], Map("Flag").GetColumn<uint>("Out"));
        Assert.Equal([2u, 1u, 2u, 3u], Map("Time", ValueToKeyMappingEstimator.KeyOrdinality.ByValue).GetColumn<uint>("Out"));
    }

    [Fact]
    public void Keys_are_renumbered_and_take_their_key_values_along()
    {
        Assert.Equal([1u, 2u, 0u, 1u], Map("Key").GetColumn<uint>("Out"));

        var byValue = _ml.Transforms.Conversion.MapValueToKey("First", "Text", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(_ml.Transforms.Conversion.MapValueToKey("Second", "First"));
        var output = byValue.Fit(Data).Transform(Data);
        Assert.Equal([1u, 2u, 0u, 1u], output.GetColumn<uint>("Second"));
        Assert.Equal(["b", "a"], KeyValues<ReadOnlyMemory<char>>(output.Schema["Second"]).Select(value => value.ToString()));
    }

    [Fact]
    public void The_number_of_keys_can_be_limited()
    {
        var output = _ml.Transforms.Conversion.MapValueToKey("Out", "Words", maximumNumberOfKeys: 2).Fit(Data).Transform(Data);
        Assert.Equal([[1, 2, 0], [0], [], [1, 0]], output.GetColumn<uint[]>("Out").ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Out", "Text", maximumNumberOfKeys: 0).Fit(Data));
    }

    [Fact]
    public void Key_values_can_be_text()
    {
        var output = _ml.Transforms.Conversion.MapValueToKey("Out", "Number", addKeyValueAnnotationsAsText: true).Fit(Data).Transform(Data);
        Assert.Equal(["2", "1.5"], KeyValues<ReadOnlyMemory<char>>(output.Schema["Out"]).Select(value => value.ToString()));
    }

    private sealed class Term
    {
        public string Value { get; set; } = "";
    }

    [Fact]
    public void Keys_can_be_given()
    {
        var keys = _ml.Data.LoadFromEnumerable([new Term { Value = "a" }, new Term { Value = "c" }, new Term { Value = "b" }]);
        var output = _ml.Transforms.Conversion.MapValueToKey("Out", "Text", keyData: keys).Fit(Data).Transform(Data);
        Assert.Equal([3u, 1u, 0u, 3u], output.GetColumn<uint>("Out"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Out", "Text", keyData: Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Out", "Number", keyData: keys).Fit(Data));
    }

    [Fact]
    public void Data_without_values_makes_one_key_that_never_occurs()
    {
        var empty = _ml.Data.TakeRows(_ml.Data.FilterRowsByColumn(Data, "Number", lowerBound: 100), 1);
        var output = _ml.Transforms.Conversion.MapValueToKey("Out", "Text").Fit(empty).Transform(Data);
        Assert.Equal("Key<UInt32, 0-0>", output.Schema["Out"].Type.ToString());
        Assert.Equal([0u, 0u, 0u, 0u], output.GetColumn<uint>("Out"));
        Assert.False(output.Schema["Out"].HasKeyValues());
    }

    [Fact]
    public void Keys_map_back_to_values()
    {
        InputOutputColumnPair[] pairs = [new("TextKey", "Text"), new("WordKeys", "Words"), new("NumberKey", "Number")];
        InputOutputColumnPair[] back = [new("TextKey"), new("WordKeys"), new("NumberKey")];
        var output = _ml.Transforms.Conversion.MapValueToKey(pairs).Append(_ml.Transforms.Conversion.MapKeyToValue(back)).Fit(Data).Transform(Data);

        Assert.Equal(["b", "a", "", "b"], output.GetColumn<string>("TextKey"));
        Assert.Equal([["x", "b", ""], ["y"], [], ["x", "z"]], output.GetColumn<string[]>("WordKeys").ToArray());
        Assert.Equal([2f, float.NaN, 1.5f, 2f], output.GetColumn<float>("NumberKey"));
        Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Conversion.MapKeyToValue("Out", "Key").Fit(Data));
        Assert.Contains("'None'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapKeyToValue("Out", "None").Fit(Data)).Message);
    }

    [Fact]
    public void Columns_that_are_missing_or_of_another_type_are_named()
    {
        Assert.Contains("'None'", Assert.Throws<ArgumentOutOfRangeException>(() => Map("None")).Message);
        var model = _ml.Transforms.Conversion.MapValueToKey("Out", "Text").Fit(Data);
        var other = _ml.Transforms.SelectColumns("Number").Append(_ml.Transforms.CopyColumns("Text", "Number")).Fit(Data).Transform(Data);
        Assert.Contains("'Out'", Assert.Throws<InvalidOperationException>(() => model.Transform(other)).Message);
    }

    [Fact]
    public void Mappings_survive_saving()
    {
        foreach (var column in new[] { "Text", "Words", "Number", "Integer", "Flag", "Time", "Key" })
        {
            var model = _ml.Transforms.Conversion.MapValueToKey("Out", column).Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Out"))
                .Append(_ml.Transforms.CopyColumns("Copy", "Out")).Append(_ml.Transforms.Concatenate("Joined", "Number", "Number"))
                .Append(_ml.Transforms.DropColumns("Number")).Fit(Data);
            using var stream = new MemoryStream();
            _ml.Model.Save(model, Data.Schema, stream);
            stream.Position = 0;
            var loaded = new MLContext().Model.Load(stream, out var schema);

            Assert.Equal(Data.Schema.Select(c => $"{c.Name}:{c.Type}"), schema.Select(c => $"{c.Name}:{c.Type}"));
            var (want, got) = (model.Transform(Data).Preview(), loaded.Transform(Data).Preview());
            Assert.Equal(want.Schema.Select(c => $"{c.Name}:{c.Type}"), got.Schema.Select(c => $"{c.Name}:{c.Type}"));
            Assert.Equal(want.RowView.SelectMany(row => row.Values.Select(Show)), got.RowView.SelectMany(row => row.Values.Select(Show)));
        }

        static string Show(KeyValuePair<string, object> pair) => pair.Key + "=" + pair.Value switch
        {
            VBuffer<ReadOnlyMemory<char>> texts => string.Join(",", texts.DenseValues()),
            VBuffer<uint> keys => string.Join(",", keys.DenseValues()),
            VBuffer<float> numbers => string.Join(",", numbers.DenseValues()),
            var value => value.ToString(),
        };
    }
}
