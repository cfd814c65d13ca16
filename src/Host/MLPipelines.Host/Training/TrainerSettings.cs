using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Host.Settings;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>The settings of a task's own trainer: the tool's defaults, the configuration file over them, the flags over that.</summary>
internal sealed class TrainerSettings(TrainerOptions defaults, SettingTable table, IReadOnlyDictionary<Setting, JsonNode?> config, IReadOnlyDictionary<Setting, JsonNode?> flags)
{
    internal ComponentInfo Component { get; } = ComponentInfo.Of(defaults.GetType().DeclaringType!);

    /// <summary>The settings given outside of the steps.</summary>
    internal IEnumerable<Setting> Given => config.Keys.Concat(flags.Keys);

    /// <summary>All settings together.</summary>
    /// <param name="step">The trainer's step in the file.</param>
    internal object Read(ConfigStep step) => table.Create(table.Read(step.Options, step.Where), Merged());

    /// <summary>The settings where the file has no steps.</summary>
    internal TrainerOptions Read() => (TrainerOptions)table.Create(Merged());

    private Dictionary<Setting, JsonNode?> Merged()
    {
        var merged = new Dictionary<Setting, JsonNode?>(config);
        foreach (var (setting, value) in flags)
        {
            merged[setting] = value;
        }

        return merged;
    }
}
