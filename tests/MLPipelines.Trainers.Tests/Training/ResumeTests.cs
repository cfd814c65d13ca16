using Microsoft.ML;
using MLPipelines.Persistence;
using MLPipelines.Testing;
using MLPipelines.Trainers.Classification;
using MLPipelines.Trainers.MultiLabel;
using MLPipelines.Trainers.Tests.Classification;
using MLPipelines.Trainers.Tests.MultiLabel;
using MLPipelines.Trainers.Training;
using Xunit;

namespace MLPipelines.Trainers.Tests.Training;

/// <summary>An interrupted run goes on as if nothing had happened. That a killed process does too is tested by the tool's tests.</summary>
[Collection(ContractCollection.Name)]
public sealed class ResumeTests : IDisposable
{
    readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("mlp-resume-").FullName, "state");
    readonly MLContext ml = new(1);

    MultiLabelTrainer.Options Options => MultiLabelTrainerTests.Tiny with
    {
        Epochs = 4, Dropout = 0.2, BatchSize = 3, ValidationData = ml.Data.LoadFromEnumerable(Feelings.Rows(18)), CheckpointDirectory = folder, CheckpointSeconds = 0, Patience = 3,
    };

    (byte[] Model, TrainingReport Report) Fit(MultiLabelTrainer.Options options, MultiLabelRow[]? rows = null)
    {
        TrainingReport? report = null;
        using var model = (IDisposable)ml.MultiLabel().Trainers.RoFormer(options with { Completed = r => report = r }).Fit(ml.Data.LoadFromEnumerable(rows ?? Feelings.Rows()));
        using var stream = new MemoryStream();
        ((IPackable)model).Pack().Save(stream);
        return (stream.ToArray(), report!);
    }

    void Interrupt(MultiLabelTrainer.Options options, long step)
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(options with { CancellationToken = source.Token, Progress = p => { if (p.Step == step && !p.IsEpochEnd) source.Cancel(); } }));
    }

    public static TheoryData<string, MultiLabelTrainer.Options> Variants => new()
    {
        { "AdamW", new() },
        { "Lion", new() { Optimizer = "lion", LearningRate = 1e-3 } },
        { "Tiger", new() { Optimizer = "tiger", LearningRate = 1e-3 } },
        { "average, R-Drop, accumulation", new() { AverageDecay = 0.9, RDrop = 4, Accumulation = 2, LearningRate = 0.01 } },
        { "VAT and mixup", new() { Vat = 1, Regularizers = ["mixup"], LearningRate = 0.01 } },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Interrupted_anywhere_the_model_is_the_same_to_the_last_bit(string name, MultiLabelTrainer.Options variant)
    {
        Assert.NotEmpty(name);
        var options = Options with
        {
            Optimizer = variant.Optimizer, LearningRate = variant.LearningRate, AverageDecay = variant.AverageDecay, RDrop = variant.RDrop, Accumulation = variant.Accumulation, Vat = variant.Vat,
            Regularizers = variant.Regularizers,
        };
        var whole = Fit(options with { CheckpointDirectory = null });
        foreach (var step in new long[] { 1, 4, 6, 11 }) // the first, an epoch's last, in the middle of the second and of the third
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Interrupt(options, step);
            var resumed = Fit(options with { Resume = true });
            Assert.Equal(whole.Model, resumed.Model);
            Assert.Equal(whole.Report.Epochs.Select(e => (e.Epoch, e.Loss, e.Validation!.Value)), resumed.Report.Epochs.Select(e => (e.Epoch, e.Loss, e.Validation!.Value)));
        }
    }

    [Fact]
    public void Interrupted_many_times()
    {
        var whole = Fit(Options with { CheckpointDirectory = null });
        Interrupt(Options, 2);
        foreach (var step in new long[] { 3, 5, 8, 9, 13 }) Interrupt(Options with { Resume = true }, step);
        Assert.Equal(whole.Model, Fit(Options with { Resume = true }).Model);
    }

    [Fact]
    public void The_values_of_an_old_state_are_not_kept_for_the_rest_of_the_run()
    {
        Interrupt(Options, 6);
        using var stream = File.OpenRead(Path.Combine(folder, "state.safetensors"));
        var state = new TrainingState(Safetensors.Read(stream, "state", NonFinite.Allow));
        Assert.NotEmpty(state.Names);
        state.Part("model").Clear();
        Assert.Empty(state.Names);
    }

    [Fact]
    public void Speeds_of_an_epoch_count_the_time_before_the_interruption()
    {
        Interrupt(Options, 6);
        using var stream = File.OpenRead(Path.Combine(folder, "state.safetensors"));
        var state = new TrainingState(Safetensors.Read(stream, "state", NonFinite.Allow)).Part("clock");
        var (times, counts) = (state.Integers("times"), state.Integers("counts"));
        Assert.True(times[3] > 0 && counts[2] > 0);
        var clock = new TrainingClock(4, 4);
        clock.Load(state);
        clock.BeginEpoch(isNew: false);
        Assert.InRange(clock.EpochRowsPerSecond, 0, counts[2] / new TimeSpan(times[3]).TotalSeconds);
        Assert.True(clock.EpochElapsed >= new TimeSpan(times[3]));
        clock.BeginEpoch(isNew: true);
        Assert.Equal(0, clock.EpochRowsPerSecond);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_encoder_whose_vocabulary_has_changed_is_refused(bool changed)
    {
        var encoder = Path.Combine(Path.GetDirectoryName(folder)!, "encoder");
        new MaskedLanguageModelTrainer(ml, new() { Layers = 1, HiddenSize = 16, Heads = 2, Epochs = 1, Seed = 1, MaximumLength = 32, Device = "cpu", Threads = 1 }).Train(Feelings.Rows().Select(row => row.Text), encoder);
        var options = Options with { Encoder = encoder, Layers = null, HiddenSize = null, Heads = null };
        Interrupt(options, 3);
        var path = Path.Combine(encoder, "vocab.txt");
        var entries = File.ReadAllLines(path);
        if (changed) (entries[^1], entries[^2]) = (entries[^2], entries[^1]);
        File.WriteAllLines(path, entries);
        if (changed) Assert.Contains("other data", Assert.Throws<ArgumentException>(() => Fit(options with { Resume = true })).Message, StringComparison.Ordinal);
        else Assert.NotEmpty(Fit(options with { Resume = true }).Model);
    }

    [Fact]
    public void After_a_damaged_state_the_whole_one_before_it_stays_until_there_is_another()
    {
        Interrupt(Options, 7);
        var (current, previous) = (Path.Combine(folder, "state.safetensors"), Path.Combine(folder, "state.previous.safetensors"));
        var whole = File.ReadAllBytes(previous);
        using (var file = File.OpenWrite(current)) file.SetLength(file.Length / 2);
        Interrupt(Options with { Resume = true }, 7);
        Assert.Equal(whole, File.ReadAllBytes(previous));
    }

    [Fact]
    public void A_finished_run_gives_its_model_again_and_a_missing_state_begins_anew()
    {
        var first = Fit(Options with { Resume = true });
        var (steps, again) = (0, Fit(Options with { Resume = true }));
        Assert.Equal(first.Model, again.Model);
        Fit(Options with { Resume = true, Progress = _ => steps++ });
        Assert.True(steps <= 1, $"{steps} steps of a finished run were repeated");
    }

    [Fact]
    public void A_seed_that_was_drawn_is_kept()
    {
        var free = Options with { Seed = null, CheckpointDirectory = folder };
        var unseeded = new MLContext();
        byte[] Run(MultiLabelTrainer.Options options)
        {
            using var model = (IDisposable)unseeded.MultiLabel().Trainers.RoFormer(options).Fit(unseeded.Data.LoadFromEnumerable(Feelings.Rows()));
            using var stream = new MemoryStream();
            ((IPackable)model).Pack().Save(stream);
            return stream.ToArray();
        }
        var first = Run(free);
        Assert.Equal(first, Run(free with { Resume = true }));
    }

    [Fact]
    public void A_damaged_state_gives_way_to_the_one_before_it()
    {
        var whole = Fit(Options with { CheckpointDirectory = null });
        Interrupt(Options, 7);
        var current = Path.Combine(folder, "state.safetensors");
        Assert.True(File.Exists(Path.Combine(folder, "state.previous.safetensors")));
        using (var file = File.OpenWrite(current)) file.SetLength(file.Length / 2);
        Assert.Equal(whole.Model, Fit(Options with { Resume = true }).Model);

        Interrupt(Options, 7);
        foreach (var path in Directory.GetFiles(folder)) File.WriteAllText(path, "nonsense");
        Assert.Throws<InvalidDataException>(() => Fit(Options with { Resume = true }));
    }

    [Fact]
    public void A_process_killed_between_two_renames_or_while_writing_loses_nothing()
    {
        var whole = Fit(Options with { CheckpointDirectory = null });
        Interrupt(Options, 7);
        File.Delete(Path.Combine(folder, "state.safetensors"));
        File.WriteAllText(Path.Combine(folder, "state.safetensors.partial"), "half of a sta");
        Assert.Equal(whole.Model, Fit(Options with { Resume = true }).Model);
    }

    /// <summary>Stops a run whose states are due only when it ends: at a step, or when an epoch with all its steps is done.</summary>
    void Cancel(MultiLabelTrainer.Options options, long step, bool atEpochEnd)
    {
        using var source = new CancellationTokenSource();
        TrainingReport? report = null;
        options = options with
        {
            CheckpointSeconds = 1000, CancellationToken = source.Token, Completed = r => report = r, Progress = p => { if (p.Step == step && p.IsEpochEnd == atEpochEnd) source.Cancel(); },
        };
        if (options.OnCancellation == CancellationBehavior.Throw) Assert.Throws<OperationCanceledException>(() => Fit(options));
        else (ml.MultiLabel().Trainers.RoFormer(options).Fit(ml.Data.LoadFromEnumerable(Feelings.Rows())) as IDisposable)!.Dispose();
        Assert.Equal(options.OnCancellation == CancellationBehavior.Throw ? (TrainingOutcome?)null : TrainingOutcome.Cancelled, report?.Outcome);
    }

    [Theory]
    [InlineData(1, false, CancellationBehavior.Throw)]
    [InlineData(4, false, CancellationBehavior.Throw)]
    [InlineData(4, true, CancellationBehavior.ReturnBest)]
    [InlineData(6, false, CancellationBehavior.ReturnBest)]
    public void A_run_that_is_cancelled_writes_its_state(long step, bool atEpochEnd, CancellationBehavior behavior)
    {
        var whole = Fit(Options with { CheckpointDirectory = null });
        Cancel(Options with { OnCancellation = behavior }, step, atEpochEnd);
        var steps = 0;
        var resumed = Fit(Options with { Resume = true, Progress = p => steps += p.IsEpochEnd ? 0 : 1 });
        Assert.Equal(16 - step, steps);
        Assert.Equal(whole.Model, resumed.Model);
    }

    [Fact]
    public void A_run_that_stops_early_leaves_its_last_state()
    {
        var stopped = Fit(Options with { Epochs = 50, Patience = 1, CheckpointSeconds = 1000 });
        Assert.Equal(TrainingOutcome.StoppedEarly, stopped.Report.Outcome);
        var steps = 0;
        Assert.Equal(stopped.Model, Fit(Options with { Epochs = 50, Patience = 1, CheckpointSeconds = 1000, Resume = true, Progress = _ => steps++ }).Model);
        Assert.Equal(0, steps);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(12, false)]
    public void Pretraining_ends_with_the_same_checkpoint(long step, bool atEpochEnd)
    {
        var options = new MaskedLanguageModelTrainer.Options
        {
            Layers = 1, HiddenSize = 16, Heads = 2, Dropout = 0.2, Epochs = 2, BatchSize = 8, LearningRate = 0.01, Seed = 1, MaximumLength = 32, Device = "cpu", Threads = 1, ValidationFraction = 0.1, AverageDecay = 0.9,
        };
        var parent = Path.GetDirectoryName(folder)!;
        byte[] Train(MaskedLanguageModelTrainer.Options settings, string name)
        {
            new MaskedLanguageModelTrainer(ml, settings).Train(Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? $"the cat sat on mat {i}" : $"we drink tea at noon {i}"), Path.Combine(parent, name));
            return File.ReadAllBytes(Path.Combine(parent, name, "model.safetensors"));
        }
        var whole = Train(options, "whole");
        using var source = new CancellationTokenSource();
        options = options with { CheckpointDirectory = folder, CheckpointSeconds = 1000 };
        Assert.Throws<OperationCanceledException>(() => Train(options with { CancellationToken = source.Token, Progress = p => { if (p.Step == step && p.IsEpochEnd == atEpochEnd) source.Cancel(); } }, "interrupted"));
        var steps = 0;
        Assert.Equal(whole, Train(options with { Resume = true, Progress = p => steps += p.IsEpochEnd ? 0 : 1 }, "resumed"));
        Assert.Equal(14 - step, steps);
    }

    [Fact]
    public void Classification_ends_with_the_same_model()
    {
        var options = TextClassificationTrainerTests.Tiny with { Epochs = 3, Dropout = 0.2, ValidationFraction = 0.25, RDrop = 1, CheckpointSeconds = 0 };
        byte[] Train(TextClassificationTrainer.Options settings, IEnumerable<ClassifiedText>? rows = null)
        {
            using var model = (IDisposable)ml.MulticlassClassification.Trainers.RoFormer(settings).Fit(Orders.Keyed(ml, rows));
            using var stream = new MemoryStream();
            ((IPackable)model).Pack().Save(stream);
            return stream.ToArray();
        }
        var whole = Train(options);
        using var source = new CancellationTokenSource();
        options = options with { CheckpointDirectory = folder };
        Assert.Throws<OperationCanceledException>(() => Train(options with { CancellationToken = source.Token, Progress = p => { if (p.Step == 4) source.Cancel(); } }));
        var renamed = Orders.Rows();
        foreach (var row in renamed) row.Label = row.Label == "ask" ? "question" : row.Label;
        Assert.Contains("other data", Assert.Throws<ArgumentException>(() => Train(options with { Resume = true }, renamed)).Message, StringComparison.Ordinal);
        Assert.Equal(whole, Train(options with { Resume = true }));
    }

    public static TheoryData<string> Changes => ["labels", "probabilities", "texts", "order", "validation labels", "validation texts", "rows without labels"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Other_data_are_refused_whatever_differs_in_them(string change)
    {
        var (rows, valid, unlabeled) = (Feelings.Rows(), Feelings.Rows(18), Feelings.Rows(4));
        MultiLabelTrainer.Options WithData() => Options with
        {
            ValidationData = ml.Data.LoadFromEnumerable(valid), UnlabeledData = ml.Data.LoadFromEnumerable(unlabeled), Vat = 1, LabelProbabilityColumn = "LabelProbability",
        };
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(WithData() with { CancellationToken = source.Token, Progress = _ => source.Cancel() }, rows));
        // Texts stay as long as they are, and every label that there is stays somewhere.
        switch (change)
        {
            case "labels": (rows[0].Label, rows[1].Label) = (rows[1].Label, rows[0].Label); break;
            case "probabilities": rows[0].LabelProbability = [0.5f]; break;
            case "texts": rows[0].Text = rows[0].Text.Replace("lovely", "angry", StringComparison.Ordinal); break;
            case "order": (rows[0], rows[6]) = (rows[6], rows[0]); break;
            case "validation labels": (valid[0].Label, valid[1].Label) = (valid[1].Label, valid[0].Label); break;
            case "validation texts": valid[0].Text += " indeed"; break;
            default: unlabeled[0].Text += " indeed"; break;
        }
        Assert.Contains("other data", Assert.Throws<ArgumentException>(() => Fit(WithData() with { Resume = true }, rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_seed_is_refused_and_the_seed_of_a_state_can_be_asked_for()
    {
        Assert.Null(TrainerOptions.SeedOfCheckpoint(folder));
        Interrupt(Options with { Seed = 77 }, 5);
        Assert.Equal(77, TrainerOptions.SeedOfCheckpoint(folder));
        var error = Assert.Throws<ArgumentException>(() => Fit(Options with { Resume = true, Seed = 78 })).Message;
        Assert.All((string[])["'seed'", "77", "78"], word => Assert.Contains(word, error, StringComparison.Ordinal));
        var current = Path.Combine(folder, "state.safetensors");
        using (var file = File.OpenWrite(current)) file.SetLength(file.Length / 2);
        Assert.Equal(77, TrainerOptions.SeedOfCheckpoint(folder));
        File.Delete(Path.Combine(folder, "state.previous.safetensors"));
        Assert.Null(TrainerOptions.SeedOfCheckpoint(folder));
    }

    [Fact]
    public void Another_run_is_told_apart()
    {
        Interrupt(Options, 5);
        var error = Assert.Throws<ArgumentException>(() => Fit(Options with { Resume = true, LearningRate = 0.5 })).Message;
        foreach (var word in new[] { "'learningRate'", "0.01", "0.5" }) Assert.Contains(word, error, StringComparison.Ordinal);
        Assert.Contains("other data", Assert.Throws<ArgumentException>(() => Fit(Options with { Resume = true }, Feelings.Rows(6))).Message, StringComparison.Ordinal);
        Assert.Contains("CheckpointDirectory", Assert.Throws<ArgumentException>(() => Fit(Options with { Resume = true, CheckpointDirectory = null })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fresh_run_keeps_the_state_of_an_older_one_until_it_has_its_own()
    {
        Interrupt(Options, 5);
        var current = Path.Combine(folder, "state.safetensors");
        var older = File.ReadAllBytes(current);
        var warnings = new List<string>();
        ml.Log += (_, line) => warnings.Add(line.Message);
        Assert.Throws<Components.DataFormatException>(() => Fit(Options with { Seed = 2 }, [new MultiLabelRow { Text = "no label" }]));
        Assert.Contains(warnings, line => line.Contains("holds the state of an interrupted run", StringComparison.Ordinal));
        Assert.Equal(older, File.ReadAllBytes(current));

        Cancel(Options with { Seed = 2 }, 1, atEpochEnd: false);
        Assert.Equal([current], Directory.GetFiles(folder));
        Assert.Equal(2, TrainerOptions.SeedOfCheckpoint(folder));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
}
