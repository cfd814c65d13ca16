using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Embedded.Tests;

public sealed class ClusteringTests
{
    private static readonly (float X, float Y)[] s_centers = [(0, 0), (10, 0), (0, 10)];
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus)]
    [InlineData(KMeansTrainer.InitializationAlgorithm.KMeansYinyang)]
    public void Far_groups_become_clusters_around_their_means(KMeansTrainer.InitializationAlgorithm algorithm)
    {
        var data = _ml.Data.LoadFromEnumerable(Rows());
        var model = _ml.Clustering.Trainers.KMeans(new KMeansTrainer.Options { NumberOfClusters = 3, InitializationAlgorithm = algorithm }).Fit(data);
        VBuffer<float>[]? centroids = null;
        model.Model.GetClusterCentroids(ref centroids, out int k);
        Assert.Equal(3, k);
        var means = Rows().GroupBy(row => row.Label).Select(group => (X: group.Average(row => row.Features[0]), Y: group.Average(row => row.Features[1])));
        Assert.All(means, mean => Assert.Contains(centroids!, centroid => Math.Abs(centroid.GetValues()[0] - mean.X) < 1e-4 && Math.Abs(centroid.GetValues()[1] - mean.Y) < 1e-4));

        var output = model.Transform(data);
        var scored = _ml.Data.CreateEnumerable<Scored>(output, reuseRowObject: false).ToList();
        foreach (var group in scored.GroupBy(row => row.Label)) Assert.Single(group.Select(row => row.PredictedLabel).Distinct());
        Assert.Equal(3, scored.Select(row => row.PredictedLabel).Distinct().Count());
        foreach (var row in scored)
        {
            var distances = centroids!.Select(centroid => centroid.GetValues().ToArray().Zip(row.Features, (a, b) => (a - b) * (a - b)).Sum());
            Assert.All(distances.Zip(row.Score), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
            Assert.Equal((uint)Array.IndexOf(row.Score, row.Score.Min()) + 1, row.PredictedLabel);
        }
    }

    [Fact]
    public void The_columns_say_what_they_hold_and_the_estimator_promises_them()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows());
        var model = _ml.Clustering.Trainers.KMeans(numberOfClusters: 3).Fit(data);
        var schema = model.Transform(data).Schema;
        Assert.Equal("Key<UInt32, 0-2>", schema["PredictedLabel"].Type.ToString());
        Assert.Equal("Vector<Single, 3>", schema["Score"].Type.ToString());
        Assert.Equal("Clustering", Annotation(schema["Score"], "ScoreColumnKind"));
        Assert.Equal("Clustering", Annotation(schema["PredictedLabel"], "ScoreColumnKind"));
        Assert.Equal("PredictedLabel", Annotation(schema["PredictedLabel"], "ScoreValueKind"));
        Assert.Equal("Features", model.FeatureColumnName);
        Assert.Equal(data.Schema["Features"].Type, model.FeatureColumnType);

        static string Annotation(DataViewSchema.Column column, string kind)
        {
            ReadOnlyMemory<char> value = default;
            column.Annotations.GetValue(kind, ref value);
            return value.ToString();
        }
    }

    [Fact]
    public void A_saved_model_gives_the_same_clusters_alone_and_in_a_prediction_engine()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows());
        var model = _ml.Transforms.CopyColumns("Copy", "Features").Append(_ml.Clustering.Trainers.KMeans("Copy", numberOfClusters: 4)).Fit(data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        var expected = _ml.Data.CreateEnumerable<Scored>(model.Transform(data), reuseRowObject: false).ToList();
        var actual = _ml.Data.CreateEnumerable<Scored>(loaded.Transform(data), reuseRowObject: false).ToList();
        Assert.Equal(expected.Select(row => row.PredictedLabel), actual.Select(row => row.PredictedLabel));
        Assert.Equal(expected.Select(row => row.Score), actual.Select(row => row.Score));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Scored>(loaded);
        var single = engine.Predict(Rows()[5]);
        Assert.Equal(expected[5].PredictedLabel, single.PredictedLabel);
        Assert.Equal(expected[5].Score, single.Score);
    }

    [Fact]
    public void Equal_seeds_give_equal_models_with_or_without_memory_for_the_rows()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(5000));
        var first = Centroids(new MLContext(7), 4096);
        Assert.Equal(first, Centroids(new MLContext(7), 4096));

        // A budget of 1 MiB is not enough: the rows are read in each pass.
        var large = _ml.Data.LoadFromEnumerable(Rows(60_000));
        data = large;
        Assert.Equal(Centroids(new MLContext(7), 4096), Centroids(new MLContext(7), 1));

        float[] Centroids(MLContext ml, int budget)
        {
            VBuffer<float>[]? centroids = null;
            ml.Clustering.Trainers.KMeans(new KMeansTrainer.Options { NumberOfClusters = 3, AccelerationMemoryBudgetMb = budget, MaximumNumberOfIterations = 5 })
                .Fit(data).Model.GetClusterCentroids(ref centroids, out _);
            return [.. centroids!.SelectMany(centroid => centroid.GetValues().ToArray())];
        }
    }

    [Fact]
    public void Weights_do_not_move_a_centroid_and_rows_that_cannot_be_used_do_not_count()
    {
        Row[] rows =
        [
            new() { Features = [0, 0], Weight = 3 }, new() { Features = [4, 8], Weight = 1 }, new() { Features = [float.NaN, 0], Weight = 1 },
            new() { Features = [1, 1], Weight = float.NaN }, new() { Features = [1, 1], Weight = 0 }, new() { Features = [float.NaN, 1], Weight = -1 },
        ];
        var warnings = new List<string>();
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(entry.Message);
        };
        var model = _ml.Clustering.Trainers.KMeans("Features", "Weight", 1).Fit(_ml.Data.LoadFromEnumerable(rows));
        VBuffer<float>[]? centroids = null;
        model.Model.GetClusterCentroids(ref centroids, out _);
        Assert.Equal([2, 4], centroids![0].GetValues().ToArray());
        Assert.Contains("1 instances", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_clusters_are_seeded_in_rounds()
    {
        var random = new Random(9);
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1920).Select(i => new Row
        {
            Label = i % 64, Weight = 1, Features = [(100 * (i % 8)) + (float)random.NextDouble(), (100 * (i / 8 % 8)) + (float)random.NextDouble()],
        }).ToArray());
        var model = _ml.Clustering.Trainers.KMeans(numberOfClusters: 64).Fit(data);
        var scored = _ml.Data.CreateEnumerable<Scored>(model.Transform(data), reuseRowObject: false).ToList();
        Assert.True(scored.Select(row => row.PredictedLabel).Distinct().Count() > 48);
        Assert.True(scored.Average(row => row.Score.Min()) < 1500);
    }

    [Fact]
    public void Too_few_rows_and_wrong_columns_are_refused()
    {
        var few = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(Rows()[0], 5));
        Assert.Contains("too few examples", Assert.ThrowsAny<InvalidOperationException>(() => _ml.Clustering.Trainers.KMeans(numberOfClusters: 2).Fit(few)).Message, StringComparison.Ordinal);
        var options = new KMeansTrainer.Options { NumberOfClusters = 2, InitializationAlgorithm = KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus };
        Assert.Contains("only found 1 distinct", Assert.ThrowsAny<InvalidOperationException>(() => _ml.Clustering.Trainers.KMeans(options).Fit(few)).Message, StringComparison.Ordinal);
        Assert.Contains("'Missing'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Clustering.Trainers.KMeans("Missing").Fit(few)).Message, StringComparison.Ordinal);
        Assert.Contains("'Label'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Clustering.Trainers.KMeans("Label").Fit(few)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Clustering.Trainers.KMeans(numberOfClusters: 0));
    }

    [EmbeddedFact("ML.NET itself keeps the centroids as they are in the file.")]
    public void The_number_of_features_that_a_file_says_takes_no_memory()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(1, 20).Select(i => new TwoFeatures { Features = [i, 2 * i] }));
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Clustering.Trainers.KMeans(numberOfClusters: 1).Fit(data), data.Schema, stream);

        // One centroid of two stored values, and in as many bytes one of 100 million with a single value.
        byte[] honest = Numbers(1, 2, 2), huge = Numbers(1, 100_000_000, 1, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Record.Exception(() => new MLContext().Model.Load(new MemoryStream(Changed(stream.ToArray(), honest, huge)), out _));
        Assert.True(error is null or FormatException or InvalidOperationException, $"{error}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 << 20);

        static byte[] Numbers(params int[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
    }

    private sealed class TwoFeatures
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    /// <summary>The file with other bytes in the one place where its parts have these.</summary>
    private static byte[] Changed(byte[] file, byte[] old, byte[] made)
    {
        var parts = DamagedModelFileTests.Unpack(file);
        var part = Assert.Single(parts, part => part.Key.EndsWith("Model.key", StringComparison.Ordinal) && part.Value.AsSpan().IndexOf(old) >= 0);
        made.CopyTo(part.Value, part.Value.AsSpan().IndexOf(old));
        return DamagedModelFileTests.Pack(parts);
    }

    [Fact]
    public void Metrics_of_a_table_computed_by_hand()
    {
        // Two clusters: rows 0, 1, 2 and row 3; labels 0, 0, 1, 1.
        Evaluated[] rows =
        [
            new() { Score = [1, 9], Label = 0, Features = [0, 0] }, new() { Score = [2, 9], Label = 0, Features = [3, 0] },
            new() { Score = [3, 9], Label = 1, Features = [0, 3] }, new() { Score = [9, 0], Label = 1, Features = [7, 5] },
        ];
        var data = _ml.Data.LoadFromEnumerable(rows);
        var metrics = _ml.Clustering.Evaluate(data, "Label", "Score", "Features");
        Assert.Equal(1.5, metrics.AverageDistance, 1e-9);
        double shared = (0.5 * Math.Log(0.5 / (0.5 * 0.75))) + (0.25 * Math.Log(0.25 / (0.5 * 0.75))) + (0.25 * Math.Log(0.25 / (0.5 * 0.25)));
        Assert.Equal(shared / Math.Log(2), metrics.NormalizedMutualInformation, 1e-9);

        // Means (1, 1) and (7, 5); scatter (√2 + 2√5)/3 and 0; separation √52.
        double scatter = (Math.Sqrt(2) + (2 * Math.Sqrt(5))) / 3;
        Assert.Equal(scatter / Math.Sqrt(52), metrics.DaviesBouldinIndex, 1e-6);
        Assert.Equal(double.NaN, _ml.Clustering.Evaluate(data).NormalizedMutualInformation);
        Assert.Equal(0, _ml.Clustering.Evaluate(data).DaviesBouldinIndex);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Clustering.Evaluate(data, scoreColumnName: "Label"));
    }

    [Fact]
    public void Cross_validation_trains_and_measures_each_fold()
    {
        var folds = _ml.Clustering.CrossValidate(_ml.Data.LoadFromEnumerable(Rows()), _ml.Clustering.Trainers.KMeans(numberOfClusters: 3), numberOfFolds: 3, labelColumnName: "Label");
        Assert.Equal([0, 1, 2], folds.Select(fold => fold.Fold));
        Assert.All(folds, fold => Assert.Equal(1, fold.Metrics.NormalizedMutualInformation, 1e-6));
    }

    private static Row[] Rows(int count = 60)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(i => new Row
        {
            Label = i % 3, Weight = 1,
            Features = [s_centers[i % 3].X + (float)random.NextDouble(), s_centers[i % 3].Y + (float)random.NextDouble()],
        })];
    }

    private sealed class Row
    {
        public float Label { get; set; }

        public float Weight { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored
    {
        public float Label { get; set; }

        public float[] Features { get; set; } = [];

        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Evaluated
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }
}
