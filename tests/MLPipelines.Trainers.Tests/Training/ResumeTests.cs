using Microsoft.ML;
using MLPipelines.Persistence;
using MLPipelines.Testing;
using MLPipelines.Trainers.MultiLabel;
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
    public void A_fresh_run_leaves_nothing_of_an_older_one()
    {
        Interrupt(Options, 5);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(Options with { CheckpointSeconds = 1000, CancellationToken = source.Token, Progress = _ => source.Cancel() }));
        Assert.Empty(Directory.GetFiles(folder));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
}
