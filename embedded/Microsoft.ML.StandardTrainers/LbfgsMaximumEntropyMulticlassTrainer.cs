using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Learns a linear score for each class whose softmax is the class's probability: multiclass logistic regression.</summary>
public sealed class LbfgsMaximumEntropyMulticlassTrainer : LbfgsTrainerBase<LbfgsMaximumEntropyMulticlassTrainer.Options,
    MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>
{
    internal LbfgsMaximumEntropyMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, options.LabelColumnName is { } label ? new(label, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true) : default)
    {
    }

    /// <summary>Continues training from the weights of a model with the same classes and features.</summary>
    public MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(IDataView trainData, MaximumEntropyModelParameters modelParameters)
    {
        Host.CheckValue(trainData, nameof(trainData));
        CheckInputSchema(SchemaShape.Create(trainData.Schema));
        return MakeTransformer(Train(trainData, modelParameters), trainData.Schema);
    }

    private protected override SchemaShape.Column[] OutputColumns(SchemaShape inputSchema)
    {
        inputSchema.TryFindColumn(LabelColumn.Name, out var label);
        var keyValues = label.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.KeyValues).ToArray();
        var names = keyValues.Where(values => values.Kind == SchemaShape.Column.VectorKind.Vector).SelectMany(values => Names(values.ItemType));
        return
        [
            new("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false, AnnotationUtils.ShapeOfScore(names)),
            new("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, AnnotationUtils.ShapeOfScore(keyValues)),
        ];

        static IEnumerable<SchemaShape.Column> Names(DataViewType type)
        {
            if (type is TextDataViewType)
                yield return new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, type, isKey: false);
            yield return new(AnnotationUtils.Kinds.TrainingLabelValues, SchemaShape.Column.VectorKind.Vector, type, isKey: false);
        }
    }

    private protected override MaximumEntropyModelParameters Train(IDataView data) => Train(data, null);

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> MakeTransformer(MaximumEntropyModelParameters model, DataViewSchema trainSchema)
        => new(Host, model, trainSchema, FeatureColumn.Name, LabelColumn.Name);

    private MaximumEntropyModelParameters Train(IDataView data, MaximumEntropyModelParameters initial)
    {
        var options = LbfgsTrainerOptions;
        var labels = data.Schema[LabelColumn.Name];
        int features = ((VectorDataViewType)data.Schema[FeatureColumn.Name].Type).Size;
        int classes = labels.Type.GetKeyCount() < (ulong)Array.MaxLength ? (int)labels.Type.GetKeyCount()
            : throw Contracts.ExceptParam(nameof(data), $"Maximum label is too large for multi-class: {labels.Type.GetKeyCount()}.");
        Contracts.CheckParam(features < Array.MaxLength / classes, nameof(data),
            $"The number of model parameters which is equal to ('# of features' + 1) * '# of classes' should be less than or equal to {Array.MaxLength}.");

        using var channel = Host.Start("Training");
        var prior = new double[classes];
        var rows = new TrainingRows(Host, channel, options.NumberOfThreads ?? Environment.ProcessorCount,
            () => new TrainingCursor(Host, data, FeatureColumn.Name, LabelColumn.Name, WeightColumn.Name), (label, weight) => prior[label] += weight);
        var weights = Minimise(channel, rows, new MaximumEntropyLoss(classes, features), First(initial, classes, features), out float loss);
        var statistics = options.ShowTrainingStatistics ? Statistics(channel, rows, weights, classes, loss, prior) : null;
        if (classes == 1)
            channel.Warning("Training resulted in a one class predictor");
        return new MaximumEntropyModelParameters(Host, weights, classes, features, LabelNames(labels, classes), statistics);
    }

    private float[] First(MaximumEntropyModelParameters initial, int classes, int features)
    {
        var first = new float[classes + (classes * features)];
        if (initial is not null)
        {
            initial.CopyTo(Host, first, classes, features);
        }
        else if (LbfgsTrainerOptions.InitialWeightsDiameter > 0)
        {
            foreach (ref float weight in first.AsSpan())
                weight = LbfgsTrainerOptions.InitialWeightsDiameter * (RandomUtils.NextSingle(Host.Rand) - 0.5f);
        }
        return first;
    }

    private ModelStatisticsBase Statistics(IChannel channel, TrainingRows rows, float[] weights, int classes, float loss, double[] prior)
    {
        var options = LbfgsTrainerOptions;
        channel.Info("Model trained with {0} training examples.", rows.Count);
        float deviance = (float)(2 * loss * rows.WeightSum);
        if (options.L2Regularization > 0)
            deviance -= weights.Skip(classes).Sum(weight => weight * weight) * options.L2Regularization;
        if (options.L1Regularization > 0)
            deviance -= (float)weights.Skip(classes).Sum(weight => (double)Math.Abs(weight)) * options.L1Regularization * 2;
        channel.Info("Residual Deviance: \t{0}", deviance);
        float nullDeviance = 0;
        foreach (double share in prior.Where(share => share > 0))
            nullDeviance -= (float)(2 * share * Math.Log(share / rows.WeightSum));
        channel.Info("Null Deviance:    \t{0}", nullDeviance);
        int used = CountUsed(weights, classes);
        channel.Info("AIC:              \t{0}", (2 * used) + deviance);
        return new ModelStatisticsBase(Host, rows.Count, used, deviance, nullDeviance);
    }

    /// <summary>The texts that the label's keys stand for; null unless each class has one of its own.</summary>
    private static string[] LabelNames(DataViewSchema.Column label, int classes)
    {
        if (!label.HasKeyValues())
            return null;
        VBuffer<ReadOnlyMemory<char>> values = default;
        label.GetKeyValues(ref values);
        string[] names = [.. values.DenseValues().Select(value => value.ToString())];
        return values.IsDense && names.Length == classes && !names.Contains("") && names.Distinct().Count() == classes ? names : null;
    }

    public sealed class Options : OptionsBase
    {
        /// <summary>Measures the fit, for the log and <see cref="LinearMulticlassModelParametersBase.Statistics"/>.</summary>
        public bool ShowTrainingStatistics;
    }
}
