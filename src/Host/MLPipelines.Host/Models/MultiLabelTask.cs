using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using MLPipelines.Trainers.MultiLabel;
using Spectre.Console;

namespace MLPipelines.Host.Models;

/// <summary>Multi-label classification: <c>mlp train multilabel</c> and the models that it makes.</summary>
internal sealed class MultiLabelTask : IModelTask
{
    public string Name => "multilabel";

    public string? ComponentId => "transform.multi-label.v1";

    public bool ReadsSecondText(LoadedModel model) => LabeledRows.Columns(model).Second is not null;

    public Evaluation Evaluate(LoadedModel model, string dataFile, DataSettings data)
    {
        var scored = new TextInput(model, LabeledRows.Columns(model).Text).Score(model.Context.MultiLabel().LoadFromFile(dataFile, data.Format));
        return Report(model.Context.MultiLabel().Evaluate(
            scored, "Label", ColumnOf(model, "scoreColumn", "Score"), ColumnOf(model, "probabilityColumn", "Probability"), ColumnOf(model, "predictedColumn", "Predicted"), "LabelProbability"));
    }

    public IEnumerable<JsonObject> Predict(LoadedModel model, IEnumerable<InputRow> rows, PredictSettings settings)
    {
        var (text, second) = LabeledRows.Columns(model);
        var (label, probability) = (ColumnOf(model, "labelColumn", "PredictedLabel"), ColumnOf(model, "probabilityColumn", "Probability"));
        return new TextInput(model, text).Answer([label, probability], second is null ? rows : LabeledRows.WithSecondText(rows, settings.SecondTextFields), settings, row =>
        {
            var (getLabels, probabilities) = (row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(row.Schema[label]), LabeledRows.ByLabel(row, probability));
            VBuffer<ReadOnlyMemory<char>> labels = default;
            return target =>
            {
                getLabels(ref labels);
                LabeledRows.Set(target.Fields, "labels", new JsonArray([.. labels.DenseValues().Select(name => JsonValue.Create(name.ToString()))]));
                LabeledRows.Set(target.Fields, "probabilities", probabilities());
            };
        }, second);
    }

    internal static Evaluation Report(MultiLabelMetrics metrics)
    {
        var table = LabeledRows.Table(metrics.PerLabel.Select(pair => (pair.Key, pair.Value.Precision, pair.Value.Recall, pair.Value.F1, pair.Value.Support)));
        table.Caption(
            $"micro F1 {LabeledRows.Fixed(metrics.MicroF1)}   macro F1 {LabeledRows.Fixed(metrics.MacroF1)}   subset accuracy {LabeledRows.Fixed(metrics.SubsetAccuracy)}   log loss {LabeledRows.Fixed(metrics.LogLoss)}   "
            + $"ranking loss {LabeledRows.Fixed(metrics.RankingLoss)}   LRAP {LabeledRows.Fixed(metrics.LabelRankingAveragePrecision)}   {metrics.Rows} rows");
        var described = new JsonObject
        {
            ["micro_f1"] = metrics.MicroF1,
            ["micro_precision"] = metrics.MicroPrecision,
            ["micro_recall"] = metrics.MicroRecall,
            ["macro_f1"] = metrics.MacroF1,
            ["subset_accuracy"] = metrics.SubsetAccuracy,
            ["hamming_loss"] = metrics.HammingLoss,
            ["log_loss"] = metrics.LogLoss,
            ["ranking_loss"] = metrics.RankingLoss,
            ["label_ranking_average_precision"] = metrics.LabelRankingAveragePrecision,
            ["calibration_error"] = metrics.ExpectedCalibrationError,
            ["support"] = metrics.Rows,
            ["per_label"] = new JsonObject([.. metrics.PerLabel.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, LabeledRows.Numbers(pair.Value.Precision, pair.Value.Recall, pair.Value.F1, pair.Value.Support)))]),
            ["calibration"] = new JsonArray([.. metrics.Calibration.Select(bin => new JsonObject
            {
                ["from"] = bin.From, ["to"] = bin.To, ["count"] = bin.Count, ["mean_probability"] = bin.MeanProbability, ["mean_label"] = bin.MeanLabel,
            })]),
        };
        return new Evaluation(described, table);
    }

    private static string ColumnOf(LoadedModel model, string option, string usual) => model.Package.Options["scoring"]?[option]?.GetValue<string>() ?? usual;
}
