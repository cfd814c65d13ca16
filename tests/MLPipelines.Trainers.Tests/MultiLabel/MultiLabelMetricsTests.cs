using MLPipelines.Trainers.MultiLabel;
using Xunit;

namespace MLPipelines.Trainers.Tests.MultiLabel;

public sealed class MultiLabelMetricsTests
{
    static MultiLabelMetrics Count(float[][] gold, float[][] scores, float[][]? probabilities = null)
    {
        var counter = new MultiLabelCounter([.. gold[0].Select((_, i) => $"l{i}")]);
        for (var i = 0; i < gold.Length; i++)
        {
            counter.Add(gold[i], scores[i], probabilities?[i] ?? Array.ConvertAll(scores[i], s => 1 / (1 + MathF.Exp(-2 * s))), Array.ConvertAll(scores[i], s => s > 0));
        }
        return counter.Result();
    }

    [Fact]
    public void Numbers_computed_by_hand()
    {
        // l0: right, missed; l1: wrong, right; l2: never.
        var metrics = Count([[1, 0, 0], [1, 1, 0]], [[2, 1, -1], [-1, 3, -2]], [[0.9f, 0.6f, 0.2f], [0.3f, 0.8f, 0.1f]]);
        Assert.Equal(2.0 * 2 / (3 + 3), metrics.MicroF1, 1e-12);
        Assert.Equal((2.0 / 3 + 2.0 / 3 + 0) / 3, metrics.MacroF1, 1e-12);
        Assert.Equal(0, metrics.SubsetAccuracy);
        Assert.Equal(2.0 / 6, metrics.HammingLoss, 1e-12);
        var expected = -(Math.Log(0.9) + Math.Log(0.4) + Math.Log(0.8) + Math.Log(0.3) + Math.Log(0.8) + Math.Log(0.9)) / 6;
        Assert.Equal(expected, metrics.LogLoss, 1e-6);
        Assert.Equal((1L, 1L, 2L), (metrics.PerLabel["l0"].Correct, metrics.PerLabel["l0"].Predicted, metrics.PerLabel["l0"].Support));
        Assert.Equal(0, metrics.PerLabel["l2"].F1);
    }

    [Fact]
    public void Ranking_as_scikit_learn_defines_it()
    {
        // The example of scikit-learn's own documentation: label_ranking_average_precision_score gives 0.416…, label_ranking_loss 0.75.
        var metrics = Count([[1, 0, 0], [0, 0, 1]], [[0.75f, 0.5f, 1], [1, 0.2f, 0.1f]]);
        Assert.Equal(0.41666666, metrics.LabelRankingAveragePrecision, 1e-7);
        Assert.Equal(0.75, metrics.RankingLoss, 1e-12);
    }

    [Fact]
    public void Labels_of_equal_score_share_the_lower_place()
    {
        var metrics = Count([[1, 0, 0]], [[0, 0, -1]]);
        Assert.Equal(0.5, metrics.LabelRankingAveragePrecision, 1e-12);
        Assert.Equal(0.5, metrics.RankingLoss, 1e-12);
    }

    [Fact]
    public void Rows_with_all_labels_or_none_have_nothing_to_rank()
    {
        var metrics = Count([[1, 1], [0, 0]], [[-1, 2], [1, 2]]);
        Assert.Equal((1.0, 0.0), (metrics.LabelRankingAveragePrecision, metrics.RankingLoss));
    }

    [Fact]
    public void Soft_labels_count_in_log_loss_and_calibration()
    {
        var metrics = Count([[0.7f], [0.7f]], [[0.4f], [0.4f]], [[0.7f], [0.7f]]);
        Assert.Equal(-(0.7 * Math.Log(0.7) + 0.3 * Math.Log(0.3)), metrics.LogLoss, 1e-6);
        Assert.Equal(0, metrics.ExpectedCalibrationError, 1e-6);
        Assert.Equal(2, metrics.Calibration.Sum(bin => bin.Count));
        Assert.Equal(1, metrics.MicroF1);
        Assert.InRange(Count([[1f]], [[-9f]], [[0f]]).LogLoss, 16, 17); // cut off at 1e-7
    }

    [Fact]
    public void The_best_threshold_lies_in_the_gap()
    {
        float[][] scores = [[3, -3], [1, -2], [-1, -1], [-2, -4]];
        IReadOnlySet<int>[] gold = [new HashSet<int> { 0 }, new HashSet<int> { 0, 1 }, new HashSet<int> { 1 }, new HashSet<int>()];
        Assert.Empty(Thresholds.Tune(ThresholdTuning.Zero, scores, gold, 2));
        Assert.Equal([0, -2.5], Thresholds.Tune(ThresholdTuning.PerLabel, scores, gold, 2));
        Assert.Single(Thresholds.Tune(ThresholdTuning.Shared, scores, gold, 2).Distinct());
    }

    [Fact]
    public void Equal_scores_are_never_cut_apart_and_absent_labels_stay_at_zero()
    {
        float[][] scores = [[1, 5], [1, 4], [1, 3]];
        IReadOnlySet<int>[] gold = [new HashSet<int> { 0 }, new HashSet<int>(), new HashSet<int>()];
        var thresholds = Thresholds.Tune(ThresholdTuning.PerLabel, scores, gold, 2);
        Assert.True(thresholds[0] < 1);
        Assert.Equal(0, thresholds[1]);
    }
}
