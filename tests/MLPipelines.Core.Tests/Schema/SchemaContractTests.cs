using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Interop;
using MLPipelines.Schema;
using Xunit;
using static Microsoft.ML.SchemaShape.Column;

namespace MLPipelines.Core.Tests.Schema;

public sealed class SchemaContractTests
{
    static readonly ColumnSpec s_text = ColumnSpec.Required("Text", "text", TextDataViewType.Instance);
    static readonly ColumnSpec s_score = ColumnSpec.Produced("Score", new VectorDataViewType(NumberDataViewType.Single, 3));

    [Fact]
    public void Promise_and_delivery_come_from_one_list()
    {
        var input = Schema(("Text", TextDataViewType.Instance), ("Score", NumberDataViewType.Double), ("Other", NumberDataViewType.Int32));
        var contract = new SchemaContract(s_text, s_score);

        var promised = contract.GetOutputSchema(SchemaShapes.Of(input));
        var delivered = SchemaShapes.Of(contract.GetOutputSchema(input));

        Assert.Equal(["Text", "Other", "Score"], promised.Select(column => column.Name));
        Assert.Equal(promised.Select(column => column.Name), delivered.Select(column => column.Name));
        Assert.All(promised.Zip(delivered), pair => Assert.True(SchemaShapes.IsCompatible(pair.First, pair.Second) && SchemaShapes.IsCompatible(pair.Second, pair.First)));
    }

    [Fact]
    public void Produced_column_hides_an_input_column_of_the_same_name()
    {
        var output = new SchemaContract(s_score).GetOutputSchema(Schema(("Score", NumberDataViewType.Double)));

        Assert.Equal(2, output.Count);
        Assert.True(output[0].IsHidden);
        Assert.Equal(s_score.ProducedType, output["Score"].Type);
    }

    [Fact]
    public void Annotations_are_promised_and_delivered()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 1), (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(1, ["a".AsMemory()]));
        var contract = new SchemaContract(ColumnSpec.Produced("Y", new VectorDataViewType(NumberDataViewType.Single, 1), annotations.ToAnnotations()));
        var input = Schema(("X", NumberDataViewType.Single));

        Assert.Equal("SlotNames", Assert.Single(contract.GetOutputSchema(SchemaShapes.Of(input)).Single(column => column.Name == "Y").Annotations).Name);
        Assert.Equal("SlotNames", Assert.Single(contract.GetOutputSchema(input)["Y"].Annotations.Schema).Name);
    }

    [Fact]
    public void Missing_column_is_named()
        => Assert.Equal(
            "MLP020: could not find text column 'Text'. Expected: a column of type String. Got: the columns 'Sentence', 'Label'. Name the column in the options, or add it with CopyColumns.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new SchemaContract(s_text).Check(Schema(("Sentence", TextDataViewType.Instance), ("Label", NumberDataViewType.Single)))).Message);

    [Fact]
    public void Wrong_type_is_named()
        => Assert.Equal(
            "MLP021: schema mismatch for text column 'Text'. Expected: String. Got: Vector<Single>. Convert the column, or name another one in the options.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new SchemaContract(s_text).GetOutputSchema(Schema(("Text", new VectorDataViewType(NumberDataViewType.Single, 2))))).Message);

    [Fact]
    public void Hidden_columns_do_not_count()
        => Assert.Contains("MLP021",
            Assert.Throws<ArgumentOutOfRangeException>(() => new SchemaContract(s_text).Check(Schema(("Text", TextDataViewType.Instance), ("Text", NumberDataViewType.Single)))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(VectorKind.Scalar, VectorKind.Scalar, true)]
    [InlineData(VectorKind.Scalar, VectorKind.Vector, false)]
    [InlineData(VectorKind.Scalar, VectorKind.VariableVector, false)]
    [InlineData(VectorKind.Vector, VectorKind.Scalar, false)]
    [InlineData(VectorKind.Vector, VectorKind.Vector, true)]
    [InlineData(VectorKind.Vector, VectorKind.VariableVector, false)]
    [InlineData(VectorKind.VariableVector, VectorKind.Scalar, false)]
    [InlineData(VectorKind.VariableVector, VectorKind.Vector, true)]
    [InlineData(VectorKind.VariableVector, VectorKind.VariableVector, true)]
    public void Vector_of_any_size_accepts_a_known_size_too(VectorKind required, VectorKind present, bool accepted)
    {
        var contract = new SchemaContract(ColumnSpec.Required("X", "input", NumberDataViewType.Int32, required));
        var shape = new SchemaShape([SchemaShapes.Column("X", present, NumberDataViewType.Int32)]);

        Assert.Equal(accepted, Record.Exception(() => contract.Check(shape)) is null);
    }

    [Fact]
    public void Key_is_not_the_number_that_represents_it()
    {
        var key = new KeyDataViewType(typeof(uint), 5);
        var number = new SchemaContract(ColumnSpec.Required("X", "label", NumberDataViewType.UInt32));
        var keyed = new SchemaContract(ColumnSpec.Required("X", "label", key));

        keyed.Check(Schema(("X", new KeyDataViewType(typeof(uint), 7))));
        Assert.Throws<ArgumentOutOfRangeException>(() => keyed.Check(Schema(("X", NumberDataViewType.UInt32))));
        Assert.Equal(
            "MLP021: schema mismatch for label column 'X'. Expected: UInt32. Got: Key<UInt32>. Convert the column, or name another one in the options.",
            Assert.Throws<ArgumentOutOfRangeException>(() => number.Check(Schema(("X", key)))).Message);
    }

    [Fact]
    public void Required_vector_type_says_everything()
    {
        var contract = new SchemaContract(ColumnSpec.Required("X", "features", new VectorDataViewType(NumberDataViewType.Single)));

        contract.Check(Schema(("X", new VectorDataViewType(NumberDataViewType.Single, 4))));
        Assert.Throws<ArgumentOutOfRangeException>(() => contract.Check(Schema(("X", NumberDataViewType.Single))));
    }

    [Fact]
    public void Two_outputs_of_one_name_are_refused()
        => Assert.Equal("MLP022: two output columns are named 'Score'. Give each output column its own name in the options.",
            Assert.Throws<ArgumentException>(() => new SchemaContract(s_score, s_text, s_score)).Message);

    [Fact]
    public void Columns_are_told_apart()
    {
        var contract = new SchemaContract(s_text, s_score);

        Assert.Equal([s_text], contract.Required);
        Assert.Equal([s_score], contract.Produced);
        Assert.Equal(("text", "output"), (s_text.Role, s_score.Role));
    }

    static DataViewSchema Schema(params (string Name, DataViewType Type)[] columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var (name, type) in columns) builder.AddColumn(name, type);
        return builder.ToSchema();
    }
}
