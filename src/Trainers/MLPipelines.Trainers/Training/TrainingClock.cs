using System.Diagnostics;

namespace MLPipelines.Trainers.Training;

/// <summary>Measures training and validation apart, so that speeds mean training and estimates include both.</summary>
sealed class TrainingClock(int epochs, long stepsPerEpoch)
{
    readonly Stopwatch total = Stopwatch.StartNew();
    readonly Stopwatch epochTraining = new();
    readonly Stopwatch validation = new();
    TimeSpan training;
    TimeSpan validationBefore;
    long tokens;
    long epochTokens;
    long epochRows;
    int epochsDone;

    public TimeSpan Elapsed => total.Elapsed;

    public TimeSpan EpochElapsed => epochTraining.Elapsed;

    public TimeSpan ValidationElapsed => validation.Elapsed - validationBefore;

    public double EpochTokensPerSecond => PerSecond(epochTokens, epochTraining.Elapsed);

    public double EpochRowsPerSecond => PerSecond(epochRows, epochTraining.Elapsed);

    public double TokensPerSecond => PerSecond(tokens, training + epochTraining.Elapsed);

    public void BeginEpoch()
    {
        training += epochTraining.Elapsed;
        (epochTokens, epochRows, validationBefore) = (0, 0, validation.Elapsed);
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
        var perStep = (training + epochTraining.Elapsed) / Math.Max(1, stepsDone);
        var perValidation = epochsDone == 0 ? TimeSpan.Zero : validation.Elapsed / epochsDone;
        return perStep * (epochs * stepsPerEpoch - stepsDone) + perValidation * (epochs - epochsDone);
    }

    static double PerSecond(long count, TimeSpan time) => time > TimeSpan.Zero ? count / time.TotalSeconds : 0;
}
