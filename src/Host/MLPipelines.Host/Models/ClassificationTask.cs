using System.Text.Json.Nodes;
using MLPipelines.Trainers.Classification;
using Spectre.Console;

namespace MLPipelines.Host.Models;

/// <summary>Classification of texts: <c>mlp train classification</c> and the models that it makes.</summary>
internal sealed class ClassificationTask : IModelTask
{
    public string Name => "classification";

    public string? ComponentId => "transform.text-classification.v1";

    public bool ReadsSecondText(LoadedModel model) => LabeledRows.Columns(model).Second is not null;

    public Evaluation Evaluate(LoadedModel model, string dataFile, DataSettings data)
    {
        var (label, score) = Outputs(model);
        var scored = new TextInput(model, LabeledRows.Columns(model).Text).Score(model.Context.Data.LoadLabeledTexts(dataFile, data.Format));
        return Report(model.Context.MulticlassClassification.EvaluatePerClass(scored, scoreColumn: score, predictedLabelColumn: label));
    }

    public IEnumerable<JsonObject> Predict(LoadedModel model, IEnumerable<InputRow> rows, PredictSettings settings)
    {
        var (text, second) = LabeledRows.Columns(model);
        var (label, score) = Outputs(model);
        return new TextInput(model, text).Answer([label, score], second is null ? rows : LabeledRows.WithSecondText(rows, settings.SecondTextFields), settings, row =>
        {
            var (classes, getLabel, scores) = (LabeledRows.Names(row, score), row.GetGetter<uint>(row.Schema[label]), LabeledRows.ByLabel(row, score));
            uint key = 0;
            return target =>
            {
                getLabel(ref key);
                // A key of ML.NET is 0 where it is missing.
                LabeledRows.Set(target.Fields, "label", key == 0 ? null : classes[(int)key - 1]);
                LabeledRows.Set(target.Fields, "scores", scores());
            };
        }, second);
    }

    internal static Evaluation Report(ClassificationMetrics metrics)
    {
        var table = LabeledRows.Table(metrics.PerLabel.Select(pair => (pair.Key, pair.Value.Precision, pair.Value.Recall, pair.Value.F1, pair.Value.Support)));
        table.Caption($"accuracy {LabeledRows.Fixed(metrics.Accuracy)}   macro F1 {LabeledRows.Fixed(metrics.MacroF1)}   log loss {LabeledRows.Fixed(metrics.LogLoss)}   {metrics.Rows} rows");
        var described = new JsonObject
        {
            ["accuracy"] = metrics.Accuracy,
            ["macro_f1"] = metrics.MacroF1,
            ["log_loss"] = metrics.LogLoss,
            ["support"] = metrics.Rows,
            ["per_label"] = new JsonObject([.. metrics.PerLabel.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, LabeledRows.Numbers(pair.Value.Precision, pair.Value.Recall, pair.Value.F1, pair.Value.Support)))]),
        };
        return new Evaluation(described, table);
    }

    private static (string Label, string Score) Outputs(LoadedModel model)
    {
        var scoring = model.Package.Options["scoring"];
        return (scoring?["labelColumn"]?.GetValue<string>() ?? "PredictedLabel", scoring?["scoreColumn"]?.GetValue<string>() ?? "Score");
    }
}
