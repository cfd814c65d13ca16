using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;

namespace MLPipelines.Classification;

/// <summary>A row on its way through <see cref="SoftVotingScorer"/>.</summary>
/// <param name="votes">The probabilities that each classifier gives.</param>
sealed class VotingRow(float[][] votes)
{
    public float[][] Votes => votes;

    public float[] Mean { get; set; } = [];
}

/// <summary>Takes the weighted mean of several vectors of probabilities; see <see cref="SoftVotingEstimator"/>.</summary>
sealed class SoftVotingScorer : IBatchScorer<VotingRow>
{
    readonly SoftVotingEstimator.Options _options;
    readonly IReadOnlyList<string> _classes;
    readonly Array? _keyValues;
    readonly double[] _weights; // they add up to 1

    public SoftVotingScorer(SoftVotingEstimator.Options options, IReadOnlyList<string> classes, Array? keyValues)
    {
        (_options, _classes, _keyValues) = (options, classes, keyValues);
        if (keyValues is not null && keyValues.Length != classes.Count) throw Failures.PartsDoNotFit("the key values do not fit the classes", classes.Count, keyValues.Length);
        Contract = ContractOf(options, classes, keyValues);
        // Divided by the largest first: the sum of very large weights would be infinite.
        var largest = options.Weights.DefaultIfEmpty(1).Max();
        var weights = options.InputColumns.Select((_, i) => options.Weights.Count == 0 ? 1 : options.Weights[i] / largest).ToList();
        var total = weights.Sum();
        _weights = [.. weights.Select(weight => weight / total)];
    }

    public SchemaContract Contract { get; }

    // Nothing is gained by reading ahead.
    public int LookAhead => 1;

    /// <summary>The columns needed and produced; without classes, what can be promised before they are known.</summary>
    public static SchemaContract ContractOf(SoftVotingEstimator.Options options, IReadOnlyList<string>? classes = null, Array? keyValues = null)
    {
        if (options.InputColumns.Count < 2) throw Failures.TooFewVotes(options.InputColumns.Count);
        DataViewType score = classes is null ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, classes.Count);
        return new(
        [
            .. options.InputColumns.Select(name => ColumnSpec.Required(name, "score", score, SchemaShape.Column.VectorKind.Vector)),
            .. ClassColumns.Produced(options.PredictedLabelColumn, options.ScoreColumn, classes ?? [""], keyValues),
        ]);
    }

    public Func<VotingRow> CreateReader(DataViewRow input)
    {
        var getters = _options.InputColumns.Select(name => input.GetGetter<VBuffer<float>>(input.Schema[name])).ToArray();
        var buffer = default(VBuffer<float>);
        return () => new(Array.ConvertAll(getters, get =>
        {
            get(ref buffer);
            var vote = new float[_classes.Count];
            buffer.CopyTo(vote);
            return vote;
        }));
    }

    public void Score(IReadOnlyList<VotingRow> rows)
    {
        var sum = new double[_classes.Count];
        foreach (var row in rows)
        {
            Array.Clear(sum);
            foreach (var (weight, vote) in _weights.Zip(row.Votes))
            {
                for (var i = 0; i < sum.Length; i++) sum[i] += weight * vote[i];
            }
            row.Mean = Array.ConvertAll(sum, mean => (float)mean);
        }
    }

    public Delegate CreateGetter(string column, Func<VotingRow> current)
    {
        if (column == _options.PredictedLabelColumn) return (ValueGetter<uint>)((ref uint value) => value = Winner(current().Mean));
        return VectorGetter.Of(() => current().Mean);
    }

    // A key counts from 1; 0 is a missing one.
    static uint Winner(float[] mean) => mean.Any(float.IsNaN) ? 0 : (uint)TextClassificationScorer.Best(mean) + 1;

    public ModelPackage Pack()
    {
        var json = new JsonObject { ["voting"] = OptionsJson.Write(_options), ["classes"] = SavedLabels.Write(_classes) };
        if (_keyValues is not null) json[KeyValues.Key] = KeyValues.Write(_keyValues);
        return new(typeof(SoftVotingEstimator), json);
    }

    /// <summary>Makes a scorer from a package, which may come from an untrusted file.</summary>
    public static SoftVotingScorer Read(ModelPackage package)
    {
        const string Id = SoftVotingEstimator.Id;
        if (package.ComponentId != Id) throw Failures.OtherComponent(Id, package.ComponentId);
        try
        {
            var options = OptionsJson.Read<SoftVotingEstimator.Options>(package.Options["voting"] as JsonObject ?? throw Failures.PartMalformed(typeof(SoftVotingEstimator.Options)), Id);
            return new(options, SavedLabels.Read(package.Options["classes"]), KeyValues.Read(package.Options[KeyValues.Key]));
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException)
        {
            throw Failures.PartCannotBeMade(typeof(SoftVotingEstimator), exception);
        }
    }

    public void Dispose()
    {
    }
}
