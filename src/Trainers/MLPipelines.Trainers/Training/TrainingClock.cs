using System.Diagnostics;

namespace MLPipelines.Trainers.Training;

/// <summary>Measures training and validation apart, so that speeds mean training and estimates include both.</summary>
sealed class TrainingClock(int epochs, long stepsPerEpoch)
{
    readonly Stopwatch total = Stopwatch.StartNew();
    readonly Stopwatch epochTraining = new();
    readonly Stopwatch validation = new();
    TimeSpan before;
    TimeSpan validationBeforeStart;
    TimeSpan training;
    TimeSpan epochBefore;
    TimeSpan validationBefore;
    long tokens;
    long epochTokens;
    long epochRows;
    int epochsDone;

    public TimeSpan Elapsed => before + total.Elapsed;

    public TimeSpan EpochElapsed => epochBefore + epochTraining.Elapsed;

    public TimeSpan ValidationElapsed => validation.Elapsed - validationBefore;

    public double EpochTokensPerSecond => PerSecond(epochTokens, EpochElapsed);

    public double EpochRowsPerSecond => PerSecond(epochRows, EpochElapsed);

    public double TokensPerSecond => PerSecond(tokens, training + EpochElapsed);

    /// <param name="isNew">False for the rest of an epoch that was interrupted.</param>
    public void BeginEpoch(bool isNew)
    {
        validationBefore = validation.Elapsed;
        if (isNew)
        {
            training += EpochElapsed;
            (epochTokens, epochRows, epochBefore) = (0, 0, TimeSpan.Zero);
        }
        epochTraining.Restart();
    }

    public void Count(TrainingBatch batch)
    {
        tokens += batch.Tokens;
        epochTokens += batch.Tokens;
        epochRows += batch.Rows;
    }

    public void BeginValidation()
    {
        epochTraining.Stop();
        validation.Start();
    }

    public void EndValidation()
    {
        validation.Stop();
        epochsDone++;
    }

    /// <summary>The time that is left at the speed so far.</summary>
    public TimeSpan Remaining(long stepsDone)
    {
        var perStep = (training + EpochElapsed) / Math.Max(1, stepsDone);
        var perValidation = epochsDone == 0 ? TimeSpan.Zero : (validationBeforeStart + validation.Elapsed) / epochsDone;
        return perStep * (epochs * stepsPerEpoch - stepsDone) + perValidation * (epochs - epochsDone);
    }

    /// <summary>Keeps what was measured, so that a run that goes on reports and counts its whole time.</summary>
    public void Save(TrainingState state)
    {
        state.Put("times", Elapsed.Ticks, training.Ticks, (validationBeforeStart + validation.Elapsed).Ticks, EpochElapsed.Ticks);
        state.Put("counts", tokens, epochTokens, epochRows, epochsDone);
    }

    /// <summary>Goes on from what was measured.</summary>
    public void Load(TrainingState state)
    {
        var (times, counts) = (state.Integers("times"), state.Integers("counts"));
        if (times.Length != 4 || counts.Length != 4) throw TrainerErrors.StateDoesNotFit("clock", "four times and four counts", TrainerErrors.Invariant($"{times.Length} and {counts.Length}"));
        (before, training, validationBeforeStart, epochBefore) = (new(times[0]), new(times[1]), new(times[2]), new(times[3]));
        (tokens, epochTokens, epochRows, epochsDone) = (counts[0], counts[1], counts[2], (int)counts[3]);
    }

    static double PerSecond(long count, TimeSpan time) => time > TimeSpan.Zero ? count / time.TotalSeconds : 0;
}
