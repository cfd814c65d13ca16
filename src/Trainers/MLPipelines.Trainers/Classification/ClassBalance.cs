namespace MLPipelines.Trainers.Classification;

/// <summary>How much the rows of a class weigh in the loss.</summary>
public enum ClassBalance
{
    /// <summary>Every row weighs the same.</summary>
    None,

    /// <summary>Every class weighs the same: n/(C·n_c), with n rows, C classes that occur and n_c rows of the class.</summary>
    Balanced,

    /// <summary>The square root of <see cref="Balanced"/>: rare classes weigh more, but do not dominate.</summary>
    SquareRoot,
}
