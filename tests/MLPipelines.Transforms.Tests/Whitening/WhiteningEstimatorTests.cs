using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Scoring;
using MLPipelines.Testing;
using MLPipelines.Whitening;

namespace MLPipelines.Transforms.Tests.Whitening;

[ContractOf(typeof(WhiteningEstimator))]
public sealed class WhiteningContract : EstimatorContractTests
{
    protected override ContractCase Case => new(
        create: (ml, token) => new WhiteningEstimator(ml, new() { OutputColumn = "Whitened", Beta = 0.7, Gamma = 0.6, Dimensions = 3, LookAhead = 4, CancellationToken = token }),
        data: ml => VectorData.View(ml),
        required: ["Vector"]) { MaximumLookahead = 3 };
}

public sealed class WhiteningEstimatorTests
{
    readonly MLContext _context = new(1);

    [Fact]
    public void Whitened_vectors_have_mean_0_unit_variance_and_no_correlation()
    {
        var data = VectorData.View(_context, VectorData.Create(2000, seed: 8));
        using var transformer = Fit(_context.Transforms.Whiten("Whitened", "Vector"), data);
        var rows = VectorData.Read(transformer.Transform(data), "Whitened");
        for (var i = 0; i < VectorData.Size; i++)
        {
            Assert.Equal(0, rows.Average(row => (double)row[i]), 1e-5);
            for (var j = 0; j < VectorData.Size; j++) Assert.Equal(i == j ? 1 : 0, rows.Average(row => (double)row[i] * row[j]), 1e-5);
        }
    }

    [Fact]
    public void A_large_mean_costs_no_accuracy_although_values_are_float32()
    {
        var near = VectorData.Create(500, seed: 2);
        var far = near.Select(row => new VectorData.Row { Number = row.Number, Vector = [.. row.Vector.Select(value => 65536f + MathF.Round(value * 256) / 256)] }).ToArray();
        near = [.. far.Select(row => new VectorData.Row { Number = row.Number, Vector = [.. row.Vector.Select(value => value - 65536f)] })];
        using var one = Fit(_context.Transforms.Whiten("Vector"), VectorData.View(_context, near));
        using var two = Fit(_context.Transforms.Whiten("Vector"), VectorData.View(_context, far));
        var expected = VectorData.Read(one.Transform(VectorData.View(_context, near)), "Vector");
        var actual = VectorData.Read(two.Transform(VectorData.View(_context, far)), "Vector");
        Assert.All(expected.SelectMany(row => row).Zip(actual.SelectMany(row => row)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Sparse_vectors_give_what_dense_ones_give()
    {
        var sparse = new SparseView(VectorData.Create(40, seed: 6));
        var dense = VectorData.View(_context, sparse.Rows);
        var estimator = _context.Transforms.Whiten("Whitened", "Vector", new() { Dimensions = 2 });
        using var fromDense = Fit(estimator, dense);
        using var fromSparse = Fit(estimator, sparse);
        Assert.Equal(VectorData.Read(fromDense.Transform(dense), "Whitened"), VectorData.Read(fromSparse.Transform(sparse), "Whitened"));
    }

    [Fact]
    public void The_column_has_a_known_size_and_says_what_it_holds()
    {
        using var transformer = Fit(_context.Transforms.Whiten("Whitened", "Vector", new() { Dimensions = 2 }));
        var column = transformer.Transform(VectorData.View(_context)).Schema["Whitened"];
        Assert.Equal(2, ((VectorDataViewType)column.Type).Size);
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        Assert.Equal(["Whitened.0", "Whitened.1"], names.DenseValues().Select(name => name.ToString()));
        Assert.True(column.IsNormalized());
        using var rotation = Fit(_context.Transforms.Whiten("Whitened", "Vector", new() { Gamma = 0 }));
        Assert.False(rotation.Transform(VectorData.View(_context)).Schema["Whitened"].IsNormalized());
        Assert.Equal(VectorData.Size, ((WhiteningScorer)rotation.Scorer).Dimensions);
    }

    [Fact]
    public void More_dimensions_than_the_rank_are_cut_with_a_warning_or_refused()
    {
        var flat = VectorData.View(_context, VectorData.Create(40, seed: 6).Select(row => new VectorData.Row { Vector = [row.Vector[0], row.Vector[1], row.Vector[0], 1, 0] }));
        var warnings = new List<string>();
        _context.Log += (_, entry) =>
        {
            if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(entry.Message);
        };
        using var cut = Fit(_context.Transforms.Whiten("Whitened", "Vector", new() { Dimensions = 4 }), flat);
        Assert.Equal(2, ((WhiteningScorer)cut.Scorer).Dimensions);
        Assert.Contains("span 2 dimensions; 2 of 4 are kept", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.All(VectorData.Read(cut.Transform(flat), "Whitened").SelectMany(row => row), value => Assert.InRange(value, -4, 4));

        using var all = Fit(_context.Transforms.Whiten("Whitened", "Vector"), flat);
        Assert.Equal(2, ((WhiteningScorer)all.Scorer).Dimensions);
        Assert.Equal(2, warnings.Count);

        var strict = _context.Transforms.Whiten("Whitened", "Vector", new() { Dimensions = 3, RankPolicy = RankPolicy.Refuse });
        var error = Assert.Throws<InvalidOperationException>(() => strict.Fit(flat));
        Assert.StartsWith("MLP151", error.Message, StringComparison.Ordinal);
        Assert.Contains("Expected: at least 3. Got: 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_without_information_and_values_that_are_not_finite_are_refused()
    {
        var estimator = _context.Transforms.Whiten("Vector");
        Assert.Contains("no vectors", Assert.Throws<DataFormatException>(() => estimator.Fit(VectorData.View(_context, []))).Message, StringComparison.Ordinal);
        Assert.Contains("do not differ", Assert.Throws<DataFormatException>(() => estimator.Fit(VectorData.View(_context, Enumerable.Repeat(VectorData.Rows[0], 3)))).Message, StringComparison.Ordinal);

        var bad = VectorData.Create(20, seed: 1);
        bad[11].Vector[4] = float.NaN;
        var message = Assert.Throws<DataFormatException>(() => estimator.Fit(VectorData.View(_context, bad))).Message;
        Assert.Contains("row 12", message, StringComparison.Ordinal);
        Assert.Contains("'Vector'", message, StringComparison.Ordinal);
        Assert.Contains("slot 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_vector_size_is_refused_and_the_column_named()
    {
        using var transformer = Fit(_context.Transforms.Whiten("Whitened", "Vector"));
        var other = _context.Data.LoadFromEnumerable([new OtherSize { Vector = [1, 2] }]);
        var message = Assert.Throws<ArgumentOutOfRangeException>(() => transformer.Transform(other)).Message;
        Assert.Contains("'Vector'", message, StringComparison.Ordinal);
        Assert.Contains("of size 5", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_checked_all_at_once()
    {
        var message = Assert.Throws<ArgumentException>(() => _context.Transforms.Whiten("Vector", options: new() { Beta = -1, Gamma = 1.5, Dimensions = 0, EigenvalueFloor = 2 })).Message;
        foreach (var option in new[] { "Beta", "Gamma", "Dimensions", "EigenvalueFloor" }) Assert.Contains(option, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prediction_engine_gives_what_the_batch_gives_and_nan_stays_in_its_row()
    {
        var rows = VectorData.Create(30, seed: 4);
        using var transformer = Fit(_context.Transforms.Whiten("Vector"), VectorData.View(_context, rows));
        rows[7].Vector[0] = float.NaN;
        var batch = VectorData.Read(transformer.Transform(VectorData.View(_context, rows)), "Vector");
        using var engine = _context.Model.CreatePredictionEngine<VectorData.Row, VectorData.Row>(transformer, new PredictionEngineOptions { OwnsTransformer = false });
        for (var i = 0; i < rows.Length; i++)
        {
            var single = engine.Predict(rows[i]).Vector;
            Assert.Equal(i == 7, single.Any(float.IsNaN));
            if (i != 7) Assert.All(single.Zip(batch[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void Damaged_packages_are_refused_with_a_message()
    {
        using var transformer = Fit(_context.Transforms.Whiten("Vector"));
        var package = transformer.Pack();
        Refused("'center'", tensors => tensors.Remove("center"));
        Refused("'projection'", tensors => tensors["projection"] = new("F64", [4, 5], new byte[160]));
        Refused("'projection'", tensors => tensors["projection"] = new("F32", [5, 5], new byte[100]));
        Refused("'eigenvalues'", tensors => tensors["eigenvalues"] = tensors["projection"]);
        Refused("'more'", tensors => tensors["more"] = tensors["center"]);
        var options = package.Options.DeepClone().AsObject();
        options["beta"] = 7;
        var error = Assert.Throws<InvalidDataException>(() => WhiteningEstimator.Load(_context, new(typeof(WhiteningEstimator), options, package.Tensors)));
        Assert.Contains("Beta", error.Message, StringComparison.Ordinal);

        void Refused(string name, Action<Dictionary<string, TensorData>> damage)
        {
            var tensors = package.Tensors.ToDictionary();
            damage(tensors);
            var message = Assert.Throws<InvalidDataException>(() => WhiteningEstimator.Load(_context, new(typeof(WhiteningEstimator), package.Options, tensors))).Message;
            Assert.Contains(name, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_in_messages_do_not_follow_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            var messages = new List<string>();
            _context.Log += (_, entry) => messages.Add(entry.Message);
            Fit(_context.Transforms.Whiten("Vector", options: new() { Dimensions = 3 })).Dispose();
            Assert.Matches(@"24 vectors: 3 of 5 dimensions hold \d\d\.\d ?% of the variance", Assert.Single(messages, message => message.Contains("dimensions hold", StringComparison.Ordinal)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    BatchedTransformer<VectorRow> Fit(WhiteningEstimator estimator, IDataView? data = null) => estimator.Fit(data ?? VectorData.View(_context));

    sealed class OtherSize
    {
        [VectorType(2)]
        public float[] Vector { get; set; } = [];
    }

    sealed class Wide
    {
        [VectorType(16384)]
        public float[] Vector { get; set; } = [];
    }

    [Fact]
    public void Vectors_that_are_too_long_for_their_matrix_are_refused_before_it_is_made()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Wide { Vector = new float[16384] } });
        var message = Assert.Throws<ArgumentException>(() => _context.Transforms.Whiten("Vector").Fit(data)).Message;
        foreach (var word in new[] { "'Vector'", "16383", "16384" }) Assert.Contains(word, message, StringComparison.Ordinal);
    }
}
