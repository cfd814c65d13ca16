using Microsoft.ML.Runtime;
using MLPipelines.Interop;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>What every trainer's Fit needs around its own work: log, seed, device, threads, cancellation, and the loop that the options describe.</summary>
/// <remarks>Lives for one Fit, on its thread. Threads are as before when it ends.</remarks>
sealed class TrainingSession : IDisposable
{
    readonly TrainerOptions options;
    readonly CancellationTokenSource cancellation;
    readonly int threadsBefore = get_num_threads();

    public TrainingSession(IHostEnvironment environment, string name, TrainerOptions options)
    {
        this.options = options;
        options.CancellationToken.ThrowIfCancellationRequested();
        Device = ComputeDevice.Parse(options.Device);
        Channel = HostChannel.Open(environment, name, "Training");
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        Generator = new Generator((ulong)(uint)(options.Seed ?? Channel.Seed));
        set_num_threads(options.Threads ?? Environment.ProcessorCount);
    }

    public HostChannel Channel { get; }

    public Device Device { get; }

    /// <summary>The only source of random numbers of this Fit, on the CPU.</summary>
    public Generator Generator { get; }

    public CancellationToken CancellationToken => cancellation.Token;

    /// <summary>Sets rows aside for validation, at random, as the options ask.</summary>
    public (List<T> Training, List<T> Validation) Split<T>(List<T> rows)
    {
        var count = options.ValidationFraction > 0 ? Math.Clamp((int)Math.Round(options.ValidationFraction * rows.Count), 1, Math.Max(1, rows.Count - 1)) : 0;
        if (count == 0 || rows.Count < 2) return (rows, []);
        using var order = randperm(rows.Count, generator: Generator);
        var held = order.data<long>().ToArray().Take(count).ToHashSet();
        return ([.. rows.Where((_, i) => !held.Contains(i))], [.. rows.Where((_, i) => held.Contains(i))]);
    }

    /// <summary>Trains with AdamW, a linear schedule and gradient clipping as the options say.</summary>
    public TrainingReport Run(ITrainingTask task)
    {
        ITrainingStep[] steps = options.MaximumGradientNorm > 0 ? [new GradientClipping(new() { MaximumNorm = options.MaximumGradientNorm })] : [];
        var loop = new TrainingLoop(options.Loop, new AdamW(), new LinearSchedule(new() { WarmUpRatio = options.WarmUpRatio }), steps);
        var log = new TrainingLog(Channel);
        var report = loop.Run(task, Generator, OnProgress, CancellationToken);
        log.Write(report);
        return report;

        void OnProgress(TrainingProgress progress)
        {
            log.Write(progress);
            options.Progress?.Invoke(progress);
            if (Channel.IsCanceled) cancellation.Cancel();
        }
    }

    public void Dispose()
    {
        set_num_threads(threadsBefore);
        Generator.Dispose();
        cancellation.Dispose();
        Channel.Dispose();
    }
}
