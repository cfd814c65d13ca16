using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Embedded.Tests;

public sealed class ChainTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] B { get; set; } = [1, 2];

        [VectorType]
        public string[] Words { get; set; } = [];

        public string Label { get; set; } = "x";
    }

    private sealed class Copy
    {
        public float C { get; set; }
    }

    private IDataView Data => _ml.Data.LoadFromEnumerable<Row>([new() { A = 1 }, new() { A = 2, Label = "y" }, new() { A = 3 }]);

    [Fact]
    public void Estimators_see_the_shape_of_the_schema()
    {
        var spy = new SpyEstimator();
        _ml.Transforms.Conversion.MapValueToKey("Key", "Label").Append(spy).Fit(Data);
        var shape = spy.Shape!.ToDictionary(column => column.Name);

        Assert.Equal(SchemaShape.Column.VectorKind.Scalar, shape["A"].Kind);
        Assert.Equal(NumberDataViewType.Single, shape["A"].ItemType);
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, shape["B"].Kind);
        Assert.Equal(NumberDataViewType.Single, shape["B"].ItemType);
        Assert.Equal(SchemaShape.Column.VectorKind.VariableVector, shape["Words"].Kind);
        Assert.Equal(TextDataViewType.Instance, shape["Words"].ItemType);
        Assert.True(shape["Key"].IsKey);
        Assert.Equal(NumberDataViewType.UInt32, shape["Key"].ItemType);
        Assert.Contains("KeyValues", shape["Key"].Annotations.Select(annotation => annotation.Name));
        Assert.False(shape["Label"].IsKey);
        Assert.Empty(shape["Label"].Annotations);
    }

    [Fact]
    public void Shapes_are_checked_before_anything_is_fitted()
    {
        var spy = new SpyEstimator();
        var chain = new EstimatorChain<ITransformer>().Append(spy).Append(_ml.Transforms.Concatenate("C", "A", "Nothing"));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => chain.Fit(Data));
        Assert.Contains("'Nothing'", error.Message, StringComparison.Ordinal);
        Assert.Null(spy.FittedTo);
    }

    [Fact]
    public void Each_estimator_is_fitted_to_the_output_of_the_ones_before()
    {
        var (first, second) = (new SpyEstimator(), new SpyEstimator());
        var data = Data;
        first.Append(_ml.Transforms.CopyColumns("C", "A")).AppendCacheCheckpoint(_ml).Append(second).Fit(data);
        Assert.Same(data, first.FittedTo);
        Assert.NotNull(second.FittedTo!.Schema.GetColumnOrNull("C"));
        Assert.Equal([1, 2, 3], _ml.Data.CreateEnumerable<Copy>(second.FittedTo, reuseRowObject: false).Select(row => row.C));
    }

    [Fact]
    public void Chains_know_their_last_member()
    {
        var estimator = _ml.Transforms.CopyColumns("C", "A").Append(_ml.Transforms.Concatenate("D", "A", "C"));
        Assert.IsType<ColumnConcatenatingEstimator>(estimator.LastEstimator);
        var model = estimator.Fit(Data);
        Assert.IsType<ColumnConcatenatingTransformer>(model.LastTransformer);
        Assert.Equal(2, model.Count());
        Assert.Null(new TransformerChain<ITransformer>().LastTransformer);
        Assert.Throws<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
    }

    [Fact]
    public void Scopes_choose_transformers()
    {
        var (always, training) = (new SpyEstimator.Transformer(), new SpyEstimator.Transformer());
        var chain = new TransformerChain<ITransformer>().Append(always).Append(training, TransformerScope.Training);
        chain.Transform(Data);
        Assert.Equal((1, 0), (always.Transforms, training.Transforms));
        chain.Transform(Data, TransformerScope.TrainTest);
        Assert.Equal((2, 1), (always.Transforms, training.Transforms));
        Assert.Single(chain.GetModelFor(TransformerScope.Scoring));
        Assert.Equal(2, chain.GetModelFor(TransformerScope.Training).Count());
    }

    [Fact]
    public void Chains_dispose_their_members_once()
    {
        var spy = new SpyEstimator.Transformer();
        var chain = spy.Append(new SpyEstimator.Transformer());
        chain.Dispose();
        chain.Dispose();
        Assert.Equal(1, spy.Disposals);
    }

    [Fact]
    public void A_chain_maps_rows_when_all_members_do()
    {
        ITransformer mapper = _ml.Transforms.CopyColumns("C", "A").Append(_ml.Transforms.CopyColumns("D", "C")).Fit(Data);
        Assert.True(mapper.IsRowToRowMapper);
        var rows = mapper.GetRowToRowMapper(Data.Schema);
        Assert.NotNull(rows.OutputSchema.GetColumnOrNull("D"));
        Assert.Equal(["A"], rows.GetDependencies(rows.OutputSchema.Where(column => column.Name == "D")).Select(column => column.Name));

        ITransformer other = mapper.Append(new SpyEstimator.Transformer());
        Assert.False(other.IsRowToRowMapper);
        Assert.Throws<InvalidOperationException>(() => other.GetRowToRowMapper(Data.Schema));
    }

    [Fact]
    public void A_delegate_sees_what_was_fitted()
    {
        SpyEstimator.Transformer? seen = null;
        var model = new SpyEstimator().WithOnFitDelegate(transformer => seen = transformer).Append(_ml.Transforms.CopyColumns("C", "A")).Fit(Data);
        Assert.Same(model.First(), seen);
    }
}
