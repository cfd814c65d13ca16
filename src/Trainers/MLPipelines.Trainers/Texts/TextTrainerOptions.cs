using System.ComponentModel.DataAnnotations;
using MLPipelines.Classification;
using MLPipelines.Layers;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers.Texts;

/// <summary>The settings that trainers of whole texts share beside <see cref="TrainerOptions"/>: pairs of texts and the head.</summary>
public abstract record TextTrainerOptions : TrainerOptions
{
    /// <summary>The column with the second text of a pair; null for single texts. A pair longer than <see cref="TrainerOptions.MaximumLength"/> is shortened at the end of its longer text, and counted in a warning.</summary>
    /// <value>The default is null.</value>
    public string? SecondTextColumn { get; init; }

    /// <summary>Whether the second text of a pair has segment id 1. The released RoFormerV2 models expect 0 everywhere.</summary>
    /// <value>The default is true.</value>
    public bool Segments { get; init; } = true;

    /// <summary>How the vectors of a text's tokens become one.</summary>
    /// <value>The default is the mean and the maximum side by side.</value>
    [EnumDataType(typeof(TextPooling))]
    public TextPooling Pooling { get; init; } = TextPooling.MeanMax;

    /// <summary>The probability of dropping an element of the pooled vector in training, in [0, 1); null takes <see cref="TrainerOptions.Dropout"/>.</summary>
    /// <value>The default is null.</value>
    [Range(0, 0.999)]
    public double? HeadDropout { get; init; }

    internal TextInputOptions Input => new() { TextColumn = TextColumn, SecondTextColumn = SecondTextColumn, Segments = Segments, WindowOverlap = WindowOverlap };

    internal SequenceHead.Options Head => new() { Pooling = Pooling, Dropout = HeadDropout ?? Dropout };
}
