namespace MLPipelines.Trainers.MultiLabel;

/// <summary>One line of a reliability table: the predictions whose probability lies between two bounds.</summary>
/// <param name="From">The lower bound.</param>
/// <param name="To">The upper bound.</param>
/// <param name="Count">Pairs of a row and a label in it.</param>
/// <param name="MeanProbability">The mean of the reported probabilities.</param>
/// <param name="MeanLabel">The mean of the given labels; equal to the mean probability where the model is calibrated.</param>
public sealed record CalibrationBin(double From, double To, long Count, double MeanProbability, double MeanLabel);
