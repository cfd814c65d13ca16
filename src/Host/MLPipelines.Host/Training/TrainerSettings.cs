using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Host.Settings;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>The settings of a task's own trainer: the tool's defaults, the configuration file over them, the flags over that.</summary>
/// <param name="defaults">The tool's defaults.</param>
/// <param name="config">What the file says outside of the steps.</param>
/// <param name="flags">What the command line says.</param>
internal sealed class TrainerSettings(TrainerOptions defaults, IReadOnlyDictionary<Setting, JsonNode?> config, IReadOnlyDictionary<Setting, JsonNode?> flags)
{
    private readonly SettingTable _table = new(defaults);

    internal ComponentInfo Component { get; } = ComponentInfo.Of(defaults.GetType().DeclaringType!);

    /// <summary>The settings given outside of the steps.</summary>
    internal IEnumerable<Setting> Given => config.Keys.Concat(flags.Keys);

    /// <summary>All settings together.</summary>
    /// <param name="step">The trainer's step in the file.</param>
    internal object Read(ConfigStep step) => _table.Create(_table.Read(step.Options, step.Where), Merged());

    /// <summary>The settings where the file has no steps.</summary>
    internal TrainerOptions Read() => (TrainerOptions)_table.Create(Merged());

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
