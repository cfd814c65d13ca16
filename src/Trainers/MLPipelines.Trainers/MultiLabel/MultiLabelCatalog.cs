using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Interop;
using MLPipelines.Schema;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.MultiLabel;

namespace MLPipelines;

/// <summary>Everything for assigning any number of labels to texts: training, evaluation, data files. Made by <see cref="MLContextExtensions.MultiLabel"/>.</summary>
public sealed class MultiLabelCatalog
{
    readonly MLContext context;

    internal MultiLabelCatalog(MLContext context)
    {
        this.context = context;
        Trainers = new MultiLabelTrainers(context);
    }

    /// <summary>The trainers.</summary>
    public MultiLabelTrainers Trainers { get; }

    /// <summary>Compares predictions with given labels, certain or soft.</summary>
    /// <param name="data">Scored data with given labels, for example <c>model.Transform(test)</c>.</param>
    /// <param name="labelColumn">The given labels: a vector of text or of keys, or of Single with slot names.</param>
    /// <param name="scoreColumn">Raw scores, a vector of Single whose slot names are the labels of the model.</param>
    /// <param name="probabilityColumn">Reported probabilities, a vector of Single with the same slots.</param>
    /// <param name="predictedColumn">Whether each label is predicted, a vector of Boolean with the same slots.</param>
    /// <param name="labelProbabilityColumn">For labels as text or keys: how far each applies, a vector of Single; null = all for certain.</param>
    /// <returns>Metrics over all labels of the model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="DataFormatException">A row has a label that the model does not have; the message names both.</exception>
    public MultiLabelMetrics Evaluate(
        IDataView data, string labelColumn = "Label", string scoreColumn = "Score", string probabilityColumn = "Probability", string predictedColumn = "Predicted", string? labelProbabilityColumn = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var given = new LabelColumn(labelColumn, labelProbabilityColumn);
        new SchemaContract(
        [
            .. given.Required("label"),
            ColumnSpec.Required(scoreColumn, "score", NumberDataViewType.Single, SchemaShape.Column.VectorKind.Vector),
            ColumnSpec.Required(probabilityColumn, "probability", NumberDataViewType.Single, SchemaShape.Column.VectorKind.Vector),
            ColumnSpec.Required(predictedColumn, "predicted", BooleanDataViewType.Instance, SchemaShape.Column.VectorKind.Vector),
        ]).Check(data.Schema);

        var labels = new LabelSet(new LabelColumn(scoreColumn, null).Known(data.Schema)!);
        string?[] names = [.. given.Columns, scoreColumn, probabilityColumn, predictedColumn];
        using var cursor = data.GetRowCursor(data.Schema.Where(column => !column.IsHidden && names.Contains(column.Name)));
        var (readGiven, counter) = (given.CreateReader(cursor), new MultiLabelCounter(labels.Names));
        var (scores, probabilities, predicted) = (Values<float>(cursor, scoreColumn), Values<float>(cursor, probabilityColumn), Values<bool>(cursor, predictedColumn));
        for (var row = 1L; cursor.MoveNext(); row++)
        {
            counter.Add(labels.Dense(labels.Places(readGiven(row), row)), scores(), probabilities(), predicted());
        }
        var metrics = counter.Result();
        using var channel = HostChannel.Open(context, nameof(MultiLabelCatalog), nameof(Evaluate));
        channel.Trace(FormattableString.Invariant($"Micro F1 {metrics.MicroF1:F4}, macro F1 {metrics.MacroF1:F4}, log loss {metrics.LogLoss:F4} on {metrics.Rows} rows."));
        return metrics;
    }

    static Func<T[]> Values<T>(DataViewRow row, string column)
    {
        var get = row.GetGetter<VBuffer<T>>(row.Schema[column]);
        VBuffer<T> values = default;
        return () =>
        {
            get(ref values);
            return [.. values.DenseValues()];
        };
    }

    /// <summary>Reads texts with labels from a file: JSON lines <c>{"text": "…", "labels": ["a", "b"]}</c> or <c>{"text": "…", "labels": {"a": 0.7, "b": 1}}</c>, CSV or TSV.</summary>
    /// <remarks>
    /// The file is opened now, to fail early, and then read row by row whenever the view is read; it is never held in memory. Columns: <c>Text</c> and <c>SecondText</c> (text),
    /// <c>Label</c> (vector of text), <c>LabelProbability</c> (vector of Single, equally long).
    /// </remarks>
    /// <param name="path">The file, UTF-8, with or without a byte order mark.</param>
    /// <param name="format">Where texts and labels stand; null takes the usual names.</param>
    /// <returns>The view.</returns>
    /// <exception cref="DataFormatException">The file does not exist or cannot be read; while the view is read: a row is not as it should be. File, line and column are named.</exception>
    public IDataView LoadFromFile(string path, LabeledTextFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        DataFile.Open(path).Dispose();
        return context.Data.LoadFromEnumerable(new LabeledTextFile<MultiLabelRow>(path, format ?? new(), LabelForm.Many, row => new MultiLabelRow
        {
            Text = row.Text, SecondText = row.SecondText, Label = [.. row.Labels], LabelProbability = [.. row.Probabilities],
        }));
    }
}
