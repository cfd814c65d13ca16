using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Classification;
using MLPipelines.Persistence;
using MLPipelines.Scoring;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Classification;

[ContractOf(typeof(SoftVotingEstimator))]
public sealed class SoftVotingContract : EstimatorContractTests
{
    readonly SoftVotingEstimator.Options _options = new() { InputColumns = ["One", "Two"], Weights = [1, 3] };

    protected override ContractCase Case => new(
        create: (ml, _) => new SoftVotingEstimator(ml, _options),
        data: ml => Votes.View(ml, Votes.Random(12)),
        required: ["One", "Two"]) { SupportsCancellation = false, UsesTorch = false, Options = () => _options };
}

/// <summary>Probabilities of two classifiers for three classes.</summary>
static class Votes
{
    public sealed class Row
    {
        public float Number { get; set; }

        [VectorType(3)]
        public float[] One { get; set; } = [];

        [VectorType(3)]
        public float[] Two { get; set; } = [];

        [KeyType(3)]
        public uint PredictedLabel { get; set; }
    }

    public sealed class Answer
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }

    public static Row[] Random(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(i => new Row { Number = i, One = Probabilities(random), Two = Probabilities(random), PredictedLabel = (uint)(i % 3) + 1 })];
    }

    static float[] Probabilities(Random random)
    {
        float[] values = [random.NextSingle(), random.NextSingle(), random.NextSingle()];
        return Array.ConvertAll(values, value => value / values.Sum());
    }

    /// <summary>A view of rows, whose columns may have slot names and key values.</summary>
    public static IDataView View(MLContext ml, IEnumerable<Row> rows, string[]? one = null, string[]? two = null, int[]? keys = null)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        if (one is not null) Name(definition["One"], one);
        if (two is not null) Name(definition["Two"], two);
        if (keys is null) definition.RemoveAt(definition.FindIndex(column => column.ColumnName == "PredictedLabel"));
        else definition["PredictedLabel"].AddAnnotation("KeyValues", new VBuffer<int>(keys.Length, keys), new VectorDataViewType(NumberDataViewType.Int32, keys.Length));
        return ml.Data.LoadFromEnumerable(rows, definition);
    }

    static void Name(SchemaDefinition.Column column, string[] names) => column.AddAnnotation(
        "SlotNames", new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(name => name.AsMemory())]), new VectorDataViewType(TextDataViewType.Instance, names.Length));

    public static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    public static T[] KeyValues<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }
}

public sealed class SoftVotingEstimatorTests
{
    static readonly string[] s_names = ["a", "b", "c"];

    readonly MLContext _ml = new(1);

    Votes.Answer[] Answers(IDataView view, SoftVotingEstimator.Options? options = null)
    {
        var scored = _ml.Transforms.SoftVoting(["One", "Two"], options).Fit(view).Transform(view);
        return [.. scored.GetColumn<float[]>("Score").Zip(scored.GetColumn<uint>("PredictedLabel"), (score, label) => new Votes.Answer { Score = score, PredictedLabel = label })];
    }

    [Fact]
    public void The_mean_decides_not_the_surest_classifier_or_the_majority_of_one()
    {
        Votes.Row[] rows = [new() { One = [0.6f, 0.4f, 0], Two = [0.1f, 0.5f, 0.4f] }, new() { One = [0.25f, 0.25f, 0.5f], Two = [0.7f, 0.3f, 0] }];
        var answers = Answers(Votes.View(_ml, rows));
        Assert.Equal([0.35f, 0.45f, 0.2f], answers[0].Score.Select(value => MathF.Round(value, 6)));
        Assert.Equal([0.475f, 0.275f, 0.25f], answers[1].Score.Select(value => MathF.Round(value, 6)));
        Assert.Equal([2u, 1u], answers.Select(answer => answer.PredictedLabel));

        var weighted = Answers(Votes.View(_ml, rows), new() { Weights = [6e307, 2e307] });
        Assert.Equal([0.475f, 0.425f, 0.1f], weighted[0].Score.Select(value => MathF.Round(value, 6)));
        Assert.Equal([1u, 3u], weighted.Select(answer => answer.PredictedLabel));
    }

    [Fact]
    public void Means_are_probabilities_between_the_votes_and_do_not_depend_on_the_order_of_the_classifiers() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(1, 1000).Select(value => (double)value), 8).ToArbitrary(),
        numbers =>
        {
            var row = new Votes.Row { One = Normalized(numbers[..3]), Two = Normalized(numbers[3..6]) };
            var swapped = new Votes.Row { One = row.Two, Two = row.One };
            var mean = Answers(Votes.View(_ml, [row]), new() { Weights = numbers[6..] })[0].Score;
            Assert.Equal(1, mean.Sum(), 1e-6);
            Assert.All(Enumerable.Range(0, 3), i => Assert.InRange(mean[i], MathF.Min(row.One[i], row.Two[i]) - 1e-6f, MathF.Max(row.One[i], row.Two[i]) + 1e-6f));
            Assert.Equal(mean, Answers(Votes.View(_ml, [swapped]), new() { Weights = [numbers[7], numbers[6]] })[0].Score);
        }).QuickCheckThrowOnFailure();

    static float[] Normalized(double[] values) => Array.ConvertAll(values, value => (float)(value / values.Sum()));

    [Fact]
    public void A_vote_that_is_no_number_leaves_the_label_missing_in_its_row_only()
    {
        var rows = Votes.Random(3);
        rows[1].Two[2] = float.NaN;
        var answers = Answers(Votes.View(_ml, rows));
        Assert.Equal(0u, answers[1].PredictedLabel);
        Assert.All((int[])[0, 2], i => Assert.InRange(answers[i].PredictedLabel, 1u, 3u));
        Assert.True(float.IsNaN(answers[1].Score[2]) && !answers[0].Score.Any(float.IsNaN));
    }

    [Fact]
    public void Classes_are_named_by_the_scores_and_keys_keep_their_values_in_a_saved_model()
    {
        var view = Votes.View(_ml, Votes.Random(4), two: ["10", "20", "30"], keys: [10, 20, 30]);
        var estimator = _ml.Transforms.SoftVoting(["One", "Two"]);
        Assert.Equal(NumberDataViewType.Int32, estimator.GetOutputSchema(MLPipelines.Interop.SchemaShapes.Of(view.Schema)).Single(column => column.Name == "PredictedLabel").Annotations.Single(a => a.Name == "KeyValues").ItemType);
        var model = estimator.Fit(view);
        using var file = new MemoryStream();
        _ml.Model.Save(model, view.Schema, file);
        file.Position = 0;
        var loaded = _ml.Model.Load(file, out _);
        foreach (var transformer in (ITransformer[])[model, loaded])
        {
            var schema = transformer.Transform(view).Schema;
            Assert.Equal([10, 20, 30], Votes.KeyValues<int>(schema["PredictedLabel"]));
            Assert.Equal(["10", "20", "30"], Votes.SlotNames(schema["Score"]));
        }

        var named = estimator.Fit(Votes.View(_ml, Votes.Random(4), s_names, s_names)).Transform(Votes.View(_ml, Votes.Random(4))).Schema;
        Assert.Equal(s_names, Votes.KeyValues<ReadOnlyMemory<char>>(named["PredictedLabel"]).Select(name => name.ToString()));
        var unnamed = estimator.Fit(Votes.View(_ml, Votes.Random(4))).Transform(Votes.View(_ml, Votes.Random(4))).Schema;
        Assert.Equal(["1", "2", "3"], Votes.SlotNames(unnamed["Score"]));
    }

    [Fact]
    public void Columns_that_stand_for_other_classes_are_refused()
    {
        var other = Assert.Throws<ArgumentException>(() => Answers(Votes.View(_ml, Votes.Random(2), s_names, ["a", "c", "b"]))).Message;
        Assert.StartsWith("MLP109", other, StringComparison.Ordinal);
        foreach (var part in (string[])["'One' and 'Two'", "class 2 'b'", "'c'", "same key column"]) Assert.Contains(part, other, StringComparison.Ordinal);

        var keys = Assert.Throws<ArgumentException>(() => Answers(Votes.View(_ml, Votes.Random(2), s_names, s_names, [1, 2, 3]))).Message;
        foreach (var part in (string[])["'One' and 'PredictedLabel'", "class 1 'a'", "'1'"]) Assert.Contains(part, keys, StringComparison.Ordinal);

        var joined = _ml.Transforms.Concatenate("Two", "Two", "Number").Fit(Votes.View(_ml, Votes.Random(2))).Transform(Votes.View(_ml, Votes.Random(2)));
        var sizes = Assert.Throws<ArgumentOutOfRangeException>(() => Answers(joined)).Message;
        foreach (var part in (string[])["'One'", "of size 4", "Vector<Single, 3>"]) Assert.Contains(part, sizes, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_do_not_fit_together_are_refused()
    {
        Refused(["One"], "at least two", "Got: 1");
        Refused([], "at least two", "Got: 0");
        Refused(["One", "Two", "One"], "'One' again");
        Refused(["One", ""], "an empty one");
        RefusedWeights([1], "each of the 2 input columns", "found 1");
        RefusedWeights([1, 0], "above 0", "found 0");
        RefusedWeights([double.NaN, 1], "finite", "NaN");
        RefusedWeights([double.PositiveInfinity, 1], "finite", "Infinity");
        Assert.Contains("'Score'", Assert.Throws<ArgumentException>(() => _ml.Transforms.SoftVoting(["One", "Two"], new() { PredictedLabelColumn = "Score" })).Message, StringComparison.Ordinal);

        void Refused(string[] columns, params string[] parts) => Says(Assert.Throws<ArgumentException>(() => _ml.Transforms.SoftVoting(columns)).Message, parts);
        void RefusedWeights(double[] weights, params string[] parts) => Says(Assert.Throws<ArgumentException>(() => _ml.Transforms.SoftVoting(["One", "Two"], new() { Weights = weights })).Message, parts);
        static void Says(string message, string[] parts) => Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Damaged_packages_are_refused_with_a_message()
    {
        var package = ((BatchedTransformer<VotingRow>)_ml.Transforms.SoftVoting(["One", "Two"]).Fit(Votes.View(_ml, Votes.Random(2), keys: [1, 2, 3]))).Pack();
        Refused("Options", json => json.Remove("voting"));
        Refused("at least two", json => json["voting"]!["inputColumns"] = new JsonArray("One"));
        Refused("Weights", json => json["voting"]!["weights"] = new JsonArray(1, -1));
        Refused("String[]", json => json["classes"] = new JsonArray());
        Refused("String[]", json => json["classes"] = new JsonArray("a", null, "b"));
        Refused("key values do not fit", json => json["classes"] = new JsonArray("a", "b"));
        Refused("", json => json["classes"] = new JsonArray(1, 2, 3));
        Refused("KeyValues", json => json["keyValues"] = "x");

        void Refused(string part, Action<JsonObject> damage)
        {
            var json = package.Options.DeepClone().AsObject();
            damage(json);
            Assert.Contains(part, Assert.Throws<InvalidDataException>(() => SoftVotingEstimator.Load(_ml, new ModelPackage(typeof(SoftVotingEstimator), json))).Message, StringComparison.Ordinal);
        }
    }
}
