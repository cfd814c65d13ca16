using System.Text.Json.Nodes;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Interop;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>What every trainer's Fit needs around its own work: log, seed, device, threads, cancellation, and the loop that the options describe.</summary>
/// <remarks>Lives for one Fit, on its thread. Threads are as before when it ends.</remarks>
sealed class TrainingSession : IDisposable
{
    readonly TrainerOptions options;
    readonly CancellationTokenSource cancellation;
    readonly TrainingThreads threads;
    readonly TrainingCheckpoint? checkpoint;
    readonly TrainingState? interrupted;
    readonly DataFingerprint? fingerprint;

    public TrainingSession(IHostEnvironment environment, string name, TrainerOptions options)
    {
        this.options = options;
        options.CancellationToken.ThrowIfCancellationRequested();
        Device = ComputeDevice.Parse(options.Device);
        checkpoint = options.CheckpointDirectory is null ? null : new TrainingCheckpoint(options.CheckpointDirectory, TimeSpan.FromSeconds(options.CheckpointSeconds), Settings(name));
        interrupted = options.Resume ? checkpoint?.Load() : null;
        var seed = interrupted is null ? options.Seed : (int)interrupted.Integers("seed")[0];
        if (options.Seed is { } given && given != seed) throw TrainerErrors.OtherRun(options.CheckpointDirectory!, "seed", TrainerErrors.Invariant($"{seed}"), TrainerErrors.Invariant($"{given}"));
        // From here on there is something to dispose, and nothing that fails.
        Channel = HostChannel.Open(environment, name, "Training");
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        if (interrupted is null && checkpoint is { Exists: true }) Channel.Warning(TrainerErrors.Invariant($"{options.CheckpointDirectory} holds the state of an interrupted run, which this run will replace with its own; Resume goes on with it"));
        Seed = seed ?? Channel.Seed;
        if (checkpoint is not null)
        {
            checkpoint.Seed = Seed;
            fingerprint = new DataFingerprint();
        }
        Generator = new Generator((ulong)(uint)Seed);
        threads = new TrainingThreads(options.Threads ?? Environment.ProcessorCount);
    }

    public HostChannel Channel { get; }

    public Device Device { get; }

    /// <summary>Where all random numbers of this Fit come from.</summary>
    public int Seed { get; }

    /// <summary>The only source of random numbers of this Fit, on the CPU.</summary>
    public Generator Generator { get; }

    public CancellationToken CancellationToken => cancellation.Token;

    /// <summary>For work on the trained model: a run that is cancelled, and gives the best model so far, finishes it.</summary>
    public CancellationToken AfterTraining => options.OnCancellation == CancellationBehavior.ReturnBest ? CancellationToken.None : cancellation.Token;

    /// <summary>Reads the training rows, and those for validation: the data that the options give, or rows set aside.</summary>
    /// <param name="input">The training data.</param>
    /// <param name="read">Reads all rows of a view.</param>
    /// <exception cref="Components.DataFormatException">There are no rows.</exception>
    public (List<T> Training, List<T> Validation) Read<T>(Microsoft.ML.IDataView input, Func<Microsoft.ML.IDataView, List<T>> read)
    {
        var training = read(input);
        if (training.Count == 0) throw TrainerErrors.NoRows("training");
        if (options.ValidationData is null) return Split(training);
        Remember("training", training);
        var validation = read(options.ValidationData);
        Remember("validation", validation);
        return validation.Count > 0 ? (training, validation) : throw TrainerErrors.NoRows("validation");
    }

    /// <summary>Reads the rows without labels that the options give.</summary>
    /// <param name="secondColumn">The column with the second text of a pair; null for single texts.</param>
    public List<(string Text, string? Second)> ReadUnlabeled(string? secondColumn = null)
    {
        if (options.UnlabeledData is not null && !options.UsesUnlabeledData(ComponentRegistry.OfApplication())) Channel.Warning("UnlabeledData are given, but no regulariser uses them; set Vat");
        var rows = UnlabeledRows.Read(options.UnlabeledData, options.TextColumn, secondColumn, CancellationToken);
        Remember("unlabeled", rows);
        return rows;
    }

    /// <summary>Makes or loads the encoder and its tokenizer, whose entries count among the data of the run.</summary>
    /// <param name="texts">The training texts; read only where a vocabulary has to be built.</param>
    public EncoderSource CreateEncoder(IEnumerable<string> texts) => Remembered(EncoderSource.Create(options, texts, Generator));

    /// <summary>Counts the entries of a tokenizer among the data of the run.</summary>
    public EncoderSource Remembered(EncoderSource source)
    {
        Remember("vocabulary", source.Tokenizer.Vocabulary);
        return source;
    }

    /// <summary>Counts rows among the data of the run, with which alone it can go on after an interruption.</summary>
    /// <param name="what">What they are.</param>
    /// <param name="rows">The rows.</param>
    public void Remember<T>(string what, IEnumerable<T> rows) => fingerprint?.Add(what, rows);

    /// <summary>Moves a model to the device of the run.</summary>
    public T ToDevice<T>(T model)
        where T : nn.Module => Device.type == DeviceType.CPU ? model : model.to(Device);

    /// <summary>Sets rows of the training data aside for validation, at random, as the options ask.</summary>
    public (List<T> Training, List<T> Validation) Split<T>(List<T> rows)
    {
        Remember("training", rows);
        var count = options.ValidationFraction > 0 ? Math.Clamp((int)Math.Round(options.ValidationFraction * rows.Count), 1, Math.Max(1, rows.Count - 1)) : 0;
        if (count == 0 || rows.Count < 2) return (rows, []);
        using var order = randperm(rows.Count, generator: Generator);
        var held = order.data<long>().ToArray().Take(count).ToHashSet();
        return ([.. rows.Where((_, i) => !held.Contains(i))], [.. rows.Where((_, i) => held.Contains(i))]);
    }

    /// <summary>What has to be the same for a run to go on: everything that the result depends on.</summary>
    JsonObject Settings(string name)
    {
        var settings = OptionsJson.Write(options with { Vocabulary = null, Seed = null, Resume = false, CheckpointDirectory = null, CheckpointSeconds = 0, Threads = null, OnCancellation = default });
        settings["trainer"] = name;
        return settings;
    }

    /// <summary>Trains as the options say: optimiser, schedule, middleware.</summary>
    /// <param name="task">What to train.</param>
    /// <param name="warnings">What the trainer has to say about its data; goes to the log and into the report.</param>
    public TrainingReport Run(ITrainingTask task, params IReadOnlyList<string> warnings)
    {
        if (options is { Patience: > 0, ValidationData: null, ValidationFraction: 0 }) warnings = [.. warnings, "Patience is given, but there are no validation data by which an epoch could be better than another, so training does not stop early."];
        foreach (var warning in warnings) Channel.Warning(warning);
        if (checkpoint is not null) checkpoint.Data = fingerprint!.Value;
        if (interrupted is not null) Channel.Info(TrainerErrors.Invariant($"Training goes on from the state in {options.CheckpointDirectory}."));
        var registry = ComponentRegistry.OfApplication();
        var loop = new TrainingLoop(options.Loop, options.Optimizer.Resolve<IOptimizerFactory>(registry), options.CreateSchedule(registry), [.. options.CreateSteps(registry)]);
        var log = new TrainingLog(Channel);
        var report = loop.Run(task, Generator, OnProgress, checkpoint, interrupted, CancellationToken) with { Warnings = warnings };
        log.Write(report);
        return report;

        void OnProgress(TrainingProgress progress)
        {
            log.Write(progress);
            options.Progress?.Invoke(progress);
            if (Channel.IsCanceled) cancellation.Cancel();
        }
    }

    /// <summary>What a model keeps about how it was made.</summary>
    public IReadOnlyDictionary<string, byte[]> Record(string trainer, TrainingReport report) => TrainingRecord.Create(trainer, options with { Seed = Seed }, report);

    public void Dispose()
    {
        threads.Dispose();
        Generator.Dispose();
        cancellation.Dispose();
        fingerprint?.Dispose();
        Channel.Dispose();
    }
}
