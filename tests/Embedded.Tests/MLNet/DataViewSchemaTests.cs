using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class DataViewSchemaTests
{
    [Fact]
    public void The_last_column_of_a_name_hides_the_others()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Int32);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Single);
        var schema = builder.ToSchema();

        Assert.Equal(3, schema.Count);
        Assert.Equal([true, false, false], schema.Select(column => column.IsHidden));
        Assert.Equal([0, 1, 2], schema.Select(column => column.Index));
        Assert.Equal(NumberDataViewType.Single, schema["A"].Type);
        Assert.Equal(2, schema.GetColumnOrNull("A")?.Index);
        Assert.Null(schema.GetColumnOrNull("a"));
        Assert.Equal("3 columns", schema.ToString());
    }

    [Fact]
    public void Missing_columns_are_named()
    {
        var schema = new DataViewSchema.Builder().ToSchema();
        Assert.Contains("'X'", Assert.Throws<ArgumentOutOfRangeException>(() => schema["X"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => schema[0]);
        Assert.Throws<ArgumentNullException>(() => schema[""]);
        Assert.Throws<ArgumentNullException>(() => new DataViewSchema.Builder().AddColumn("", NumberDataViewType.Int32));
        Assert.Throws<ArgumentNullException>(() => new DataViewSchema.Builder().AddColumn("A", null));
    }

    [Fact]
    public void Annotations_hold_values()
    {
        var inner = new DataViewSchema.Annotations.Builder();
        inner.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        inner.Add("Numbers", new VectorDataViewType(NumberDataViewType.Int32, 2), (ref VBuffer<int> value) => value = new(2, [3, 4]));
        var annotations = inner.ToAnnotations();

        var flag = false;
        annotations.GetValue("IsNormalized", ref flag);
        Assert.True(flag);
        var numbers = default(VBuffer<int>);
        annotations.GetGetter<VBuffer<int>>(annotations.Schema["Numbers"])(ref numbers);
        Assert.Equal([3, 4], numbers.DenseValues());
        Assert.Equal("IsNormalized, Numbers", annotations.ToString());

        var text = "";
        Assert.Throws<InvalidOperationException>(() => annotations.GetValue("Nothing", ref text));
        Assert.Throws<InvalidOperationException>(() => annotations.GetValue("IsNormalized", ref text));

        var some = new DataViewSchema.Annotations.Builder();
        some.Add(annotations, name => name == "Numbers");
        some.Add(null, _ => true);
        Assert.Equal("Numbers", some.ToAnnotations().ToString());

        var columns = new DataViewSchema.Builder();
        columns.AddColumn("A", NumberDataViewType.Int32, annotations);
        columns.AddColumns([new DataViewSchema.DetachedColumn("B", NumberDataViewType.Int32)]);
        columns.AddColumns(columns.ToSchema());
        Assert.Equal(4, columns.ToSchema().Count);
        Assert.Equal("A: Int32 {IsNormalized, Numbers}", columns.ToSchema()["A"].ToString());
        Assert.Equal("B: Int32", columns.ToSchema()["B"].ToString());
        Assert.Same(DataViewSchema.Annotations.Empty, columns.ToSchema()["B"].Annotations);
    }

    [Fact]
    public void Annotations_must_have_the_type_that_they_say()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Assert.ThrowsAny<ArgumentException>(() => builder.AddPrimitiveValue("A", NumberDataViewType.Int32, 1f));
        Assert.ThrowsAny<ArgumentException>(() => builder.Add("A", NumberDataViewType.Int32, (ref float value) => value = 1));
        Assert.Throws<ArgumentNullException>(() => builder.Add("", NumberDataViewType.Int32, (ref int value) => value = 1));
        Assert.Throws<ArgumentNullException>(() => builder.Add<int>("A", NumberDataViewType.Int32, null));
    }
}
