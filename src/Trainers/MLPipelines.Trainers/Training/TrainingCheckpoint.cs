using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Persistence;

namespace MLPipelines.Trainers.Training;

/// <summary>The state of a run in a directory, from which an interrupted run goes on exactly.</summary>
/// <remarks>
/// A state is written beside the present one, forced to disk and only then given its name; the one before it is kept, and the names are forced to disk, too. So a process that is killed, or a
/// machine that loses power, at any moment leaves at least one whole state behind. A state belongs to one run: going on with other settings or other data is an error that names the difference.
/// </remarks>
/// <param name="directory">The directory; made when the first state is written.</param>
/// <param name="interval">The time between two states, at least; states that take long to write are written less often, so that they cost at most a twentieth of the time. Zero writes one after every step.</param>
/// <param name="settings">What must be the same for a run to go on; compared key by key.</param>
sealed class TrainingCheckpoint(string directory, TimeSpan interval, JsonObject settings)
{
    const string Settings = "settings";
    const int LeastShareOfTime = 20;

    readonly Stopwatch sinceSaved = Stopwatch.StartNew();
    TimeSpan cost;
    bool isOwn;
    bool isDamaged;

    static readonly string[] s_names = ["state.safetensors", "state.previous.safetensors", "state.safetensors.partial"];

    string Current => Path.Combine(directory, s_names[0]);

    string Previous => Path.Combine(directory, s_names[1]);

    string Partial => Path.Combine(directory, s_names[2]);

    /// <summary>The seed of the run, which a run that goes on takes over.</summary>
    public long Seed { get; set; }

    /// <summary>What the data of the run are recognised by; see <see cref="DataFingerprint"/>.</summary>
    public string Data { get; set; } = "";

    /// <summary>Whether a run has left a state here.</summary>
    public bool Exists => File.Exists(Current) || File.Exists(Previous);

    /// <summary>Whether it is time to write a state.</summary>
    public bool IsDue => interval == TimeSpan.Zero || sinceSaved.Elapsed >= (interval > LeastShareOfTime * cost ? interval : LeastShareOfTime * cost);

    /// <summary>Writes a state.</summary>
    public void Save(TrainingState state)
    {
        var watch = Stopwatch.StartNew();
        state.Put("seed", Seed);
        state.Put(Settings, JsonSerializer.SerializeToUtf8Bytes(settings));
        Directory.CreateDirectory(directory);
        using (var stream = new FileStream(Partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            Safetensors.Write(stream, state.All, nonFinite: NonFinite.Allow);
            stream.Flush(flushToDisk: true);
        }
        // A damaged state must not take the place of the whole one before it, which is all that there is until the new one has its name.
        if (File.Exists(Current) && !isDamaged) DurableFiles.Rename(Current, Previous);
        DurableFiles.Rename(Partial, Current);
        // What an earlier run left was kept until now: it may be all that there is of hours of training.
        if (!isOwn) File.Delete(Previous);
        (isOwn, isDamaged) = (true, false);
        cost = watch.Elapsed;
        sinceSaved.Restart();
    }

    /// <summary>The newest state that is whole; null where there is none.</summary>
    /// <exception cref="ArgumentException">It is the state of a run with other settings.</exception>
    /// <exception cref="InvalidDataException">There are states, but none is whole.</exception>
    public TrainingState? Load()
    {
        InvalidDataException? damage = null;
        isDamaged = false;
        foreach (var path in (string[])[Current, Previous])
        {
            if (!File.Exists(path)) continue;
            try
            {
                using var stream = File.OpenRead(path);
                var state = new TrainingState(Safetensors.Read(stream, path, NonFinite.Allow));
                Compare(state);
                isOwn = true;
                return state;
            }
            catch (InvalidDataException exception)
            {
                damage ??= exception;
                isDamaged = true;
            }
        }
        return damage is null ? null : throw damage;
    }

    /// <summary>The seed of the run that has left its state in a directory; null where there is none that can be read.</summary>
    public static int? SeedOf(string directory)
    {
        foreach (var path in s_names[..2].Select(name => Path.Combine(directory, name)).Where(File.Exists))
        {
            try
            {
                using var file = TensorFile.Open(path);
                var seed = 0;
                if (!file.Tensors.TryGetValue("seed", out var tensor) || tensor.DType != "I64") continue;
                tensor.Read((piece, _) => seed = (int)BitConverter.ToInt64(piece));
                return seed;
            }
            catch (InvalidDataException)
            {
                // Going on from the state says what is wrong with it.
            }
        }
        return null;
    }

    /// <summary>Removes the states in a directory, and nothing else.</summary>
    public static void Clear(string directory)
    {
        if (!Directory.Exists(directory)) return;
        foreach (var name in s_names) File.Delete(Path.Combine(directory, name));
    }

    void Compare(TrainingState state)
    {
        var saved = JsonNode.Parse(state.Bytes(Settings))!.AsObject();
        foreach (var key in saved.Select(pair => pair.Key).Union(settings.Select(pair => pair.Key)))
        {
            if (!JsonNode.DeepEquals(saved[key], settings[key])) throw TrainerErrors.OtherRun(directory, key, saved[key]?.ToJsonString() ?? "nothing", settings[key]?.ToJsonString() ?? "nothing");
        }
    }
}
