namespace Microsoft.ML.Trainers;

/// <summary>The loss of one row as a function of biases and weights.</summary>
internal interface IRowLoss
{
    /// <summary>How many of the first values are biases.</summary>
    int BiasCount { get; }

    /// <summary>The row's loss times its weight; its gradient is added. Safe for concurrent use.</summary>
    float Add(in TrainingRows.Row row, float[] weights, float[] gradient);
}
