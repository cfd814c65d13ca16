using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Interop;
using MLPipelines.Schema;
using Xunit;

namespace MLPipelines.Core.Tests.Schema;

public sealed class ColumnNamesTests
{
    sealed class Row<T>
    {
        public T Value { get; set; } = default!;

        [VectorType(2)]
        public float[] Vector { get; set; } = [0, 1];

        public float Height { get; set; }

        [KeyType(3)]
        public uint Bare { get; set; } = 2;
    }

    readonly MLContext _ml = new(1);

    IDataView Keyed<T>(params T[] values)
    {
        var view = _ml.Data.LoadFromEnumerable(values.Select(value => new Row<T> { Value = value }));
        return _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Fit(view).Transform(view);
    }

    [Fact]
    public void Keys_are_called_what_they_stand_for()
    {
        Assert.Equal(["b", "a"], KeyNames.Of(Keyed("b", "a", "b").Schema["Key"]));
        Assert.Equal(["0.5", "-2"], KeyNames.Of(Keyed(0.5f, -2f).Schema["Key"]));
        Assert.Equal(["2026-01-02T03:04:05.0060000", "2026-01-02T03:04:05.0070000"], KeyNames.Of(Keyed(new DateTime(2026, 1, 2, 3, 4, 5, 6), new DateTime(2026, 1, 2, 3, 4, 5, 7)).Schema["Key"]));
        Assert.Equal(["1", "2", "3"], KeyNames.Of(Keyed("x").Schema["Bare"]));
    }

    [Fact]
    public void Values_that_are_no_text_are_kept_and_promised()
    {
        var numbers = Keyed(30L, 10L).Schema;
        Assert.Equal([30L, 10L], Assert.IsType<long[]>(KeyNames.ValuesOf(numbers["Key"])));
        Assert.IsType<long[]>(KeyNames.Promised(SchemaShapes.Of(numbers).Single(column => column.Name == "Key")));
        var texts = Keyed("b", "a").Schema;
        Assert.Null(KeyNames.ValuesOf(texts["Key"]));
        Assert.Null(KeyNames.Promised(SchemaShapes.Of(texts).Single(column => column.Name == "Key")));
        Assert.Null(KeyNames.ValuesOf(texts["Bare"]));
    }

    [Fact]
    public void Slots_are_called_by_their_annotation()
    {
        var view = Keyed("a");
        Assert.Null(SlotNames.Of(view.Schema["Vector"]));
        Assert.Null(SlotNames.Of(view.Schema["Value"]));
        var joined = _ml.Transforms.Concatenate("Joined", "Height", "Vector").Fit(view).Transform(view).Schema["Joined"];
        Assert.Equal("Height", SlotNames.Of(joined)![0]);
        Assert.Equal(3, SlotNames.Of(joined)!.Count);
    }
}
