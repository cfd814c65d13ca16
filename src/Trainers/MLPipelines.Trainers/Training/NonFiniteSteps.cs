namespace MLPipelines.Trainers.Training;

/// <summary>Counts the steps that had to be skipped because their loss or gradient was not finite, and gives up when they do not end.</summary>
sealed class NonFiniteSteps(int maximumInARow) : ITrainingState
{
    long inARow;

    public long Skipped { get; private set; }

    /// <exception cref="InvalidOperationException">Too many steps in a row were not finite.</exception>
    public void Count(bool isFinite, long step, int epoch, double loss, double learningRate)
    {
        inARow = isFinite ? 0 : inARow + 1;
        if (isFinite) return;
        Skipped++;
        if (inARow >= maximumInARow) throw TrainerErrors.Diverged(step, epoch, inARow, loss, learningRate);
    }

    public void Save(TrainingState state) => state.Put("steps", Skipped, inARow);

    public void Load(TrainingState state)
    {
        if (state.Integers("steps") is not [var skipped, var current]) throw TrainerErrors.StateDoesNotFit("steps", "two numbers", "another count");
        (Skipped, inARow) = (skipped, current);
    }
}
