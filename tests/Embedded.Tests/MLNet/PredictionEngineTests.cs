using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class PredictionEngineTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Input
    {
        public float A { get; set; }

        public float B { get; set; }

        public string Label { get; set; } = "";
    }

    private sealed class Output
    {
        public float[] Both { get; set; } = [];

        public uint Key { get; set; }

        public string Again { get; set; } = "";
    }

    private sealed class OutputAndMore
    {
        public float[] Both { get; set; } = [];

        public float Missing { get; set; } = -1;
    }

    private ITransformer Model()
    {
        var data = _ml.Data.LoadFromEnumerable([new Input { Label = "x" }, new Input { Label = "y" }]);
        return _ml.Transforms.Concatenate("Both", "A", "B")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Label"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Again", "Key"))
            .Append(_ml.Transforms.SelectColumns("Both", "Key", "Again"))
            .Fit(data);
    }

    [Fact]
    public void Predictions_equal_those_of_Transform()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(Model());

        var first = engine.Predict(new Input { A = 1, B = 2, Label = "y" });
        var second = engine.Predict(new Input { A = 3, B = 4, Label = "unknown" });

        Assert.Equal([1f, 2f], first.Both);
        Assert.Equal((2u, "y"), (first.Key, first.Again));
        Assert.Equal([3f, 4f], second.Both);
        Assert.Equal((0u, ""), (second.Key, second.Again));
        Assert.Equal(["Both", "Key", "Again"], engine.OutputSchema.Select(column => column.Name));
    }

    [Fact]
    public void A_given_result_is_filled()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(Model());
        var result = new Output { Both = new float[2] };
        var buffer = result.Both;
        var same = result;

        engine.Predict(new Input { A = 1, B = 2 }, ref result);

        Assert.Same(same, result);
        Assert.Same(buffer, result.Both);
        Assert.Equal([1f, 2f], buffer);
        result = null!;
        engine.Predict(new Input { A = 5 }, ref result);
        Assert.Equal([5f, 0f], result.Both);
    }

    [Fact]
    public void Members_without_a_column_are_ignored_unless_asked_otherwise()
    {
        using (var engine = _ml.Model.CreatePredictionEngine<Input, OutputAndMore>(Model()))
            Assert.Equal(-1, engine.Predict(new Input()).Missing);
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Input, OutputAndMore>(Model(), ignoreMissingColumns: false));
        Assert.Contains("'Missing'", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Input, OutputAndMore>(Model(), new PredictionEngineOptions { IgnoreMissingColumns = false }));
    }

    [Fact]
    public void Inputs_without_a_needed_column_are_refused()
        => Assert.Contains("'A'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Output, Output>(Model())).Message);

    [Fact]
    public void Input_and_output_types_can_be_described_at_run_time()
    {
        var input = SchemaDefinition.Create(typeof(Input), SchemaDefinition.Direction.Read);
        (input["A"].ColumnName, input["B"].ColumnName) = ("B2", "A2");
        input["A2"].ColumnName = "A";
        input["B2"].ColumnName = "B";
        var output = SchemaDefinition.Create(typeof(OutputAndMore), SchemaDefinition.Direction.Write);
        output.Remove(output["Missing"]);

        using var engine = _ml.Model.CreatePredictionEngine<Input, OutputAndMore>(Model(), false, input, output);

        Assert.Equal([2f, 1f], engine.Predict(new Input { A = 1, B = 2 }).Both);
    }

    [Fact]
    public void Engines_of_one_model_work_side_by_side()
    {
        var model = Model();
        Parallel.For(0, 8, thread =>
        {
            var engine = _ml.Model.CreatePredictionEngine<Input, Output>(model);
            for (int i = 0; i < 200; i++)
            {
                var result = engine.Predict(new Input { A = thread, B = i, Label = i % 2 == 0 ? "x" : "y" });
                Assert.Equal([thread, i], result.Both);
                Assert.Equal(((uint)(i % 2) + 1, i % 2 == 0 ? "x" : "y"), (result.Key, result.Again));
            }
        });
    }

    [Fact]
    public void Disposing_disposes_the_model_unless_it_is_somebody_elses()
    {
        var owned = new DisposableTransformer();
        var engine = _ml.Model.CreatePredictionEngine<Input, Output>(new TransformerChain<ITransformer>(owned));
        engine.Dispose();
        engine.Dispose();
        Assert.Equal(1, owned.Disposed);

        var lent = new DisposableTransformer();
        _ml.Model.CreatePredictionEngine<Input, Output>(lent, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        Assert.Equal(0, lent.Disposed);
    }

    [Fact]
    public void Only_row_to_row_models_make_engines()
        => Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Input, Output>(new DisposableTransformer { IsRowToRowMapper = false }));

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => _ml.Model.CreatePredictionEngine<Input, Output>(null!));
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(Model());
        Assert.Throws<ArgumentNullException>(() => engine.Predict(null!));
    }

    /// <summary>Passes rows through and counts its disposals.</summary>
    private sealed class DisposableTransformer : ITransformer, IDisposable
    {
        public int Disposed { get; private set; }

        public bool IsRowToRowMapper { get; init; } = true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new Mapper(inputSchema);

        public IDataView Transform(IDataView input) => input;

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();

        public void Dispose() => Disposed++;

        private sealed class Mapper(DataViewSchema schema) : IRowToRowMapper
        {
            public DataViewSchema InputSchema => schema;

            public DataViewSchema OutputSchema => schema;

            public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => dependingColumns;

            public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => input;
        }
    }
}
