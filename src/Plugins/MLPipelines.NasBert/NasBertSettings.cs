using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TorchSharp.NasBert;

namespace MLPipelines.NasBert;

/// <summary>What the three trainers have in common; everything else keeps ML.NET's defaults.</summary>
public abstract record NasBertSettings
{
    /// <summary>The column with the text.</summary>
    /// <value>The default is <c>Text</c>.</value>
    [Required] public string TextColumn { get; init; } = "Text";

    /// <summary>The column with the label.</summary>
    /// <value>The default is <c>Label</c>.</value>
    [Required] public string LabelColumn { get; init; } = "Label";

    /// <summary>Passes over the training data.</summary>
    /// <value>The default is 10.</value>
    [Range(1, 100_000)] public int Epochs { get; init; } = 10;

    /// <summary>Rows in a batch.</summary>
    /// <value>The default is 32.</value>
    [Range(1, 100_000)] public int BatchSize { get; init; } = 32;

    /// <summary>The learning rate; null is ML.NET's own for the task.</summary>
    /// <value>The default is null.</value>
    [Range(0.0, 10.0, MinimumIsExclusive = true)] public double? LearningRate { get; init; }

    /// <summary>Puts the settings into ML.NET's options.</summary>
    internal T Apply<T>(T options)
        where T : NasBertTrainer.NasBertOptions
    {
        options.Sentence1ColumnName = TextColumn;
        options.LabelColumnName = LabelColumn;
        options.MaxEpoch = Epochs;
        options.BatchSize = BatchSize;
        if (LearningRate is { } rate) options.LearningRate = [rate];
        return options;
    }

    internal static MLContext Context(IHostEnvironment environment) =>
        environment as MLContext ?? throw new ArgumentException("MLPNB01: NAS-BERT trainers are made through the catalogs of an MLContext. Expected: an MLContext as the environment.", nameof(environment));
}
