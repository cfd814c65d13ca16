using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class ColumnTransformTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        [VectorType(2)]
        public float[] Fixed { get; set; } = [];

        public float[] Variable { get; set; } = [];

        public string Text { get; set; } = "";

        public string[] Words { get; set; } = [];

        [KeyType(3)]
        public uint Key { get; set; }
    }

    private IDataView Data => _ml.Data.LoadFromEnumerable<Row>(
    [
        new() { A = 1, B = 2, Fixed = [3, 4], Variable = [5], Text = "t", Words = ["u", "v"] },
        new() { A = 0, B = 0, Fixed = [0, 0], Variable = [0, 0, 0, 9], Text = "w" },
    ]);

    private static string Describe(DataViewSchema schema) => string.Join(" ", schema.Select(column => $"{column.Name}{(column.IsHidden ? "*" : "")}"));

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private IDataView Apply(IEstimator<ITransformer> estimator)
    {
        var output = estimator.Fit(Data).Transform(Data);
        Assert.Equal(Describe(output.Schema), Describe(estimator.Fit(Data).GetOutputSchema(Data.Schema)));
        return output;
    }

    [Fact]
    public void Concatenate_joins_scalars_and_vectors()
    {
        var output = Apply(_ml.Transforms.Concatenate("All", "A", "Fixed", "B"));

        Assert.Equal("Vector<Single, 4>", output.Schema["All"].Type.ToString());
        Assert.Equal(["A", "", "", "B"], SlotNames(output.Schema["All"]));
        Assert.Equal([[1, 3, 4, 2], [0, 0, 0, 0]], output.GetColumn<float[]>("All").ToArray());
    }

    [Fact]
    public void Concatenate_with_a_vector_of_varying_length_varies_too()
    {
        var output = Apply(_ml.Transforms.Concatenate("All", "Variable", "A"));

        Assert.Equal("Vector<Single>", output.Schema["All"].Type.ToString());
        Assert.False(output.Schema["All"].HasSlotNames());
        Assert.Equal([[5, 1], [0, 0, 0, 9, 0]], output.GetColumn<float[]>("All").ToArray());
        Assert.Equal([["t", "u", "v"], ["w"]], Apply(_ml.Transforms.Concatenate("All", "Text", "Words")).GetColumn<string[]>("All").ToArray());
    }

    [Fact]
    public void Slot_names_of_vectors_are_prefixed()
    {
        var named = _ml.Transforms.Concatenate("Pair", "A", "B").Append(_ml.Transforms.Concatenate("All", "Pair", "Fixed", "B"));

        Assert.Equal(["Pair.A", "Pair.B", "", "", "B"], SlotNames(Apply(named).Schema["All"]));
        var alone = _ml.Transforms.Concatenate("Pair", "A", "B").Append(_ml.Transforms.Concatenate("All", "Pair"));
        Assert.Equal(["A", "B"], SlotNames(Apply(alone).Schema["All"]));
    }

    [Fact]
    public void Sparse_vectors_stay_sparse_when_joined()
    {
        var data = _ml.Data.LoadFromEnumerable([new SparseRow { V = new(6, 1, [2f], [4]), W = new(4, 1, [3f], [0]) }]);
        var joined = _ml.Transforms.Concatenate("All", "V", "W").Fit(data).Transform(data).GetColumn<VBuffer<float>>("All").Single();

        Assert.False(joined.IsDense);
        Assert.Equal([4, 6], joined.GetIndices().ToArray());
        Assert.Equal([0, 0, 0, 0, 2, 0, 3, 0, 0, 0], joined.DenseValues());
    }

    private sealed class SparseRow
    {
        [VectorType(6)]
        public VBuffer<float> V { get; set; }

        [VectorType(4)]
        public VBuffer<float> W { get; set; }
    }

    [Fact]
    public void Concatenate_refuses_what_does_not_fit()
    {
        Assert.Contains("'None'", Assert.Throws<ArgumentOutOfRangeException>(() => Apply(_ml.Transforms.Concatenate("All", "A", "None"))).Message);
        Assert.Contains("'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => Apply(_ml.Transforms.Concatenate("All", "A", "Text"))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("All"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("", "A"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("All", "A", ""));
    }

    [Fact]
    public void A_vector_of_another_length_than_its_type_says_is_an_error()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Fixed = [1, 2, 3] }]);
        var output = _ml.Transforms.Concatenate("All", "A", "Fixed").Fit(data).Transform(data);

        var error = Assert.ThrowsAny<InvalidOperationException>(() => output.GetColumn<float[]>("All").ToArray());
        Assert.Contains("expected 2 slots, but got 3", error.ToString());
    }

    [Fact]
    public void CopyColumns_keeps_type_and_annotations()
    {
        var output = Apply(_ml.Transforms.Concatenate("Pair", "A", "B").Append(_ml.Transforms.CopyColumns("Copy", "Pair")));

        Assert.Equal(output.Schema["Pair"].Type, output.Schema["Copy"].Type);
        Assert.Equal(["A", "B"], SlotNames(output.Schema["Copy"]));
        Assert.Equal(output.GetColumn<float[]>("Pair"), output.GetColumn<float[]>("Copy"));
        Assert.Contains("'None'", Assert.Throws<ArgumentOutOfRangeException>(() => Apply(_ml.Transforms.CopyColumns("Copy", "None"))).Message);
    }

    [Fact]
    public void A_column_of_a_name_already_there_stands_behind_it_and_hides_it()
    {
        var output = Apply(_ml.Transforms.CopyColumns("A", "B"));

        Assert.Equal("A* A B Fixed Variable Text Words Key", Describe(output.Schema));
        Assert.Equal([2f, 0f], output.GetColumn<float>("A"));
        Assert.Equal([1f, 0f], output.GetColumn<float>(output.Schema[0]));
    }

    [Fact]
    public void SelectColumns_keeps_columns_in_the_order_named()
    {
        Assert.Equal("Text A", Describe(Apply(_ml.Transforms.SelectColumns("Text", "A")).Schema));
        Assert.Equal(["t", "w"], Apply(_ml.Transforms.SelectColumns("Text", "A")).GetColumn<string>("Text"));
        var hiding = _ml.Transforms.CopyColumns("A", "B");
        Assert.Equal("A", Describe(Apply(hiding.Append(_ml.Transforms.SelectColumns("A"))).Schema));
        Assert.Equal("A* A", Describe(Apply(hiding.Append(_ml.Transforms.SelectColumns(["A"], keepHidden: true))).Schema));
        Assert.Contains("None", Assert.Throws<ArgumentOutOfRangeException>(() => Apply(_ml.Transforms.SelectColumns("A", "None"))).Message);
        Assert.Throws<InvalidOperationException>(() => _ml.Transforms.SelectColumns());
    }

    [Fact]
    public void DropColumns_drops_every_column_of_the_name()
    {
        Assert.Equal("A B Text Key", Describe(Apply(_ml.Transforms.DropColumns("Fixed", "Variable", "Words")).Schema));
        Assert.Equal("B Fixed Variable Text Words Key", Describe(Apply(_ml.Transforms.CopyColumns("A", "B").Append(_ml.Transforms.DropColumns("A"))).Schema));
        Assert.Contains("None", Assert.Throws<ArgumentOutOfRangeException>(() => Apply(_ml.Transforms.DropColumns("None"))).Message);
    }

    [Fact]
    public void Transforming_reads_nothing_and_cursors_read_only_what_is_needed()
    {
        var spy = new SpyView(Data);
        var model = _ml.Transforms.Concatenate("All", "A", "B").Append(_ml.Transforms.CopyColumns("Copy", "Text")).Fit(Data);
        var output = model.Transform(spy);
        Assert.Empty(spy.Asked);

        using (var cursor = output.GetRowCursor([output.Schema["All"]]))
            Assert.True(cursor.MoveNext());
        Assert.Equal(["A", "B"], spy.Asked.Order());
        Assert.Equal((1, 1), (spy.Opened, spy.Disposed));
    }

    [Fact]
    public void Cursor_sets_cover_every_row_once()
    {
        var output = Apply(_ml.Transforms.Concatenate("All", "A", "B"));
        var seen = new List<float>();
        foreach (var cursor in output.GetRowCursorSet([output.Schema["All"]], 3))
        {
            using (cursor)
            {
                var get = cursor.GetGetter<VBuffer<float>>(output.Schema["All"]);
                VBuffer<float> value = default;
                while (cursor.MoveNext())
                {
                    get(ref value);
                    seen.Add(value.GetItemOrDefault(1));
                }
            }
        }
        Assert.Equal([0f, 2f], seen.Order());
    }
}
