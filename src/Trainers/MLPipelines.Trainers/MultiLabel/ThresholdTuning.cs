namespace MLPipelines.Trainers.MultiLabel;

/// <summary>Above which score a label is predicted.</summary>
public enum ThresholdTuning
{
    /// <summary>Above 0, which is what the ZLPR loss trains for.</summary>
    Zero,

    /// <summary>Above one score for all labels, the one with the best micro-averaged F1 on the validation data.</summary>
    Shared,

    /// <summary>Above a score of its own for each label, the one with the label's best F1 on the validation data.</summary>
    PerLabel,
}
