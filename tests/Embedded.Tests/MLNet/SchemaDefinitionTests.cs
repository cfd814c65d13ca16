using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class SchemaDefinitionTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public float[] Features { get; set; } = [1, 2];

        [KeyType(2)]
        public uint Label { get; set; }

        public int ReadOnly => 1;

        public int WriteOnly
        {
            set => Label = (uint)value;
        }
    }

    [Fact]
    public void The_direction_decides_which_members_count()
    {
        string Names(SchemaDefinition.Direction direction)
            => string.Join(" ", SchemaDefinition.Create(typeof(Row), direction).Select(column => column.ColumnName));

        Assert.Equal("Features Label ReadOnly", Names(SchemaDefinition.Direction.Read));
        Assert.Equal("Features Label WriteOnly", Names(SchemaDefinition.Direction.Write));
        Assert.Equal("Features Label ReadOnly WriteOnly", Names(SchemaDefinition.Direction.Both));
    }

    [Fact]
    public void Sizes_names_and_annotations_can_be_set_at_run_time()
    {
        var definition = SchemaDefinition.Create(typeof(Row), SchemaDefinition.Direction.Read);
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Features"].AddAnnotation("SlotNames", new[] { "one", "two" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        definition["Features"].ColumnName = "F";
        definition["Label"].AddAnnotation("KeyValues", new VBuffer<ReadOnlyMemory<char>>(2, ["no".AsMemory(), "yes".AsMemory()]),
            new VectorDataViewType(TextDataViewType.Instance, 2));
        definition["Label"].AddAnnotation("Comment", "what it is", TextDataViewType.Instance);

        var schema = _ml.Data.LoadFromEnumerable([new Row()], definition).Schema;

        Assert.Equal("Vector<Single, 2>", schema["F"].Type.ToString());
        Assert.True(schema["F"].HasSlotNames());
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["F"].GetSlotNames(ref names);
        Assert.Equal(["one", "two"], names.DenseValues().Select(name => name.ToString()));
        Assert.True(schema["Label"].HasKeyValues());
        Assert.False(schema["Label"].HasKeyValues(NumberDataViewType.Single));
        schema["Label"].GetKeyValues(ref names);
        Assert.Equal(["no", "yes"], names.DenseValues().Select(name => name.ToString()));
        ReadOnlyMemory<char> comment = default;
        schema["Label"].Annotations.GetValue("Comment", ref comment);
        Assert.Equal("what it is", comment.ToString());
        Assert.False(schema["Label"].IsNormalized());
        Assert.Throws<InvalidOperationException>(() => definition["Label"].AddAnnotation("Comment", "again", TextDataViewType.Instance));
    }

    [Fact]
    public void Types_that_do_not_fit_the_member_are_refused()
    {
        Exception Load(DataViewType type)
        {
            var definition = SchemaDefinition.Create(typeof(Row), SchemaDefinition.Direction.Read);
            definition["Features"].ColumnType = type;
            return Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable([new Row()], definition));
        }

        Assert.Contains("'Features'", Load(NumberDataViewType.Single).Message);
        Assert.Contains("'Features'", Load(new VectorDataViewType(NumberDataViewType.Double)).Message);
    }

    [Fact]
    public void Columns_are_found_by_name_and_replaced_under_their_own_name_only()
    {
        var definition = SchemaDefinition.Create(typeof(Row), SchemaDefinition.Direction.Read);
        Assert.Null(definition["None"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => definition["None"] = definition["Label"]);
        int count = definition.Count;
        definition["Label"] = definition["Label"];
        Assert.Equal(count, definition.Count);
    }

    [Fact]
    public void A_schema_gives_rows_their_types_and_annotations()
    {
        var builder = new DataViewSchema.Builder();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("Note", NumberDataViewType.Int32, (ref int value) => value = 42);
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());

        var schema = _ml.Data.LoadFromEnumerable([new Row()], builder.ToSchema()).Schema;

        Assert.Equal("Vector<Single, 2>", schema["Features"].Type.ToString());
        int note = 0;
        schema["Features"].Annotations.GetValue("Note", ref note);
        Assert.Equal(42, note);
        builder.AddColumn("None", NumberDataViewType.Single);
        Assert.Contains("None", Assert.Throws<InvalidOperationException>(() => _ml.Data.LoadFromEnumerable([new Row()], builder.ToSchema())).Message);
    }
}
