using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

sealed partial class TrainingRun
{
    // A metric may be no number.
    static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Where in the run the next step is.</summary>
    /// <param name="Epoch">From 1.</param>
    /// <param name="Batch">Batches of the epoch that are done.</param>
    /// <param name="LossSum">The sum of their finite losses.</param>
    /// <param name="Counted">The number of those.</param>
    readonly record struct Place(int Epoch, int Batch, double LossSum, int Counted);

    /// <summary>Writes what has not been written yet where a run ends or is cancelled: what comes after it may be interrupted, too.</summary>
    void KeepState()
    {
        if (checkpoint is not null && saved != at) SaveState();
    }

    /// <summary>Writes everything that the rest of the run depends on, between two steps.</summary>
    void SaveState()
    {
        using var scope = NewDisposeScope();
        var state = TrainingState.ToWrite(scope);
        var random = generator.get_state();
        state.Put("data", Encoding.UTF8.GetBytes(DataHash));
        state.Put("place", at.Epoch, at.Batch, at.Counted, stepsDone, bestEpoch?.Epoch ?? 0);
        state.Put("loss", at.LossSum);
        // Before its first step an epoch is shuffled again.
        state.Put("generator", at.Batch == 0 ? epochStart ?? random : random);
        state.Put("generator-of-epoch", epochStart ?? random);
        state.Put("epochs", JsonSerializer.SerializeToUtf8Bytes(epochs, s_json));
        clock.Save(state.Part("clock"));
        foreach (var (name, value) in task.Module.state_dict()) state.Part("model").Put(name, value);
        best.Save(state.Part("best"));
        foreach (var (name, part) in Parts) part.Save(state.Part(name));
        checkpoint!.Save(state);
        saved = at;
    }

    /// <summary>Takes over the state of an interrupted run.</summary>
    /// <returns>Where it goes on.</returns>
    Place LoadState(TrainingState state)
    {
        using var scope = NewDisposeScope();
        if (Encoding.UTF8.GetString(state.Bytes("data")) != DataHash) throw TrainerErrors.OtherData();
        if (state.Integers("place") is not [var epoch, var batch, var counted, var steps, var bestNumber]) throw TrainerErrors.StateDoesNotFit("place", "five numbers", "another count");
        epochs.AddRange(JsonSerializer.Deserialize<List<EpochReport>>(state.Bytes("epochs"), s_json)!);
        bestEpoch = epochs.FirstOrDefault(report => report.Epoch == bestNumber);
        stepsDone = steps;
        epochStart = state.Tensor("generator-of-epoch").DetachFromDisposeScope();
        generator.set_state(state.Tensor("generator"));
        clock.Load(state.Part("clock"));
        foreach (var (name, value) in task.Module.state_dict()) state.Part("model").CopyTo(name, value);
        best.Load(state.Part("best"), task.Module);
        foreach (var (name, part) in Parts) part.Load(state.Part(name));
        var place = new Place((int)epoch, (int)batch, state.Numbers("loss")[0], (int)counted);
        state.Clear();
        return place;
    }

    IEnumerable<(string Name, ITrainingState Part)> Parts =>
        steps.Select((step, i) => (TrainerErrors.Invariant($"step{i}"), Part: step as ITrainingState)).Where(pair => pair.Part is not null).Select(pair => (pair.Item1, pair.Part!))
            .Prepend(("non-finite", nonFinite)).Prepend(("optimizer", optimizer));

    /// <summary>A run goes on only with the same data, the same examples of them and the same parameters.</summary>
    string DataHash => dataHash ??= ComputeDataHash();

    string? dataHash;

    string ComputeDataHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(checkpoint!.Data));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(task.Lengths));
        foreach (var (name, value) in task.Module.state_dict()) hash.AppendData(Encoding.UTF8.GetBytes($"{name} {string.Join(' ', value.shape)}\n"));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
