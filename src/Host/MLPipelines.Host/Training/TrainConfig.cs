using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Host.Settings;

namespace MLPipelines.Host.Training;

/// <summary>
/// A configuration file, each key in its place: <c>task</c>, <c>data</c>, <c>columns</c>, <c>steps</c>, <c>options</c>, <c>evaluation</c>, <c>output</c>. A key called like a
/// flag may also stand at the top. Whatever is not known is an error.
/// </summary>
internal sealed class TrainConfig
{
    internal static readonly string[] Sections = ["task", "data", "columns", "steps", "options", "evaluation", "output"];

    private readonly ConfigFile _file;
    private readonly ITrainTask _task;
    private readonly TrainFiles.Flags _files;
    private readonly SettingFlags? _trainer;
    private readonly SettingFlags _data;

    internal TrainConfig(ConfigFile file, ITrainTask task, TrainFiles.Flags files, SettingFlags? trainer, SettingFlags data)
    {
        (_file, _task, _files, _trainer, _data) = (file, task, files, trainer, data);
        foreach (var (name, value) in file.Root)
        {
            ReadTop(name, value);
        }
    }

    /// <summary>Files by their flags.</summary>
    internal Dictionary<Option<string?>, string> Files { get; } = [];

    /// <summary>Settings of the data files.</summary>
    internal Dictionary<Setting, JsonNode?> Data { get; } = [];

    /// <summary>Settings of the task's trainer.</summary>
    internal Dictionary<Setting, JsonNode?> Options { get; } = [];

    /// <summary>The steps; null when the file has none, and the task's trainer is the only one.</summary>
    internal IReadOnlyList<ConfigStep>? Steps { get; private set; }

    /// <summary>How to measure, instead of the task's own way.</summary>
    internal ConfigStep? Evaluation { get; private set; }

    private IEnumerable<string> TrainerKeys => _trainer?.Keys ?? [];

    private void ReadTop(string name, JsonNode? value)
    {
        switch (Names.Key(name))
        {
            case "$schema":
                break;
            case "task":
                var task = Text(name, name, value);
                if (Names.Key(task) != Names.Key(_task.Name))
                {
                    throw new UsageException($"{_file.Where(name)}: \"task\": found \"{task}\", but the command is mlp train {_task.Name}.");
                }

                break;
            case "data":
                ReadSection(name, value, key => TryFile(_files.Data, key) ?? TrySetting(_data, Data, key), [.. _files.Data.Keys, .. _data.Keys]);
                break;
            case "columns":
                ReadSection(name, value, key => TrySetting(_data, Data, key + "-column") ?? TrySetting(_trainer, Options, key + "-column"),
                    _data.Keys.Concat(TrainerKeys).Where(key => key.EndsWith("-column", StringComparison.Ordinal)).Select(key => key[..^"-column".Length]));
                break;
            case "options":
                ReadSection(name, value, key => TrySetting(_trainer, Options, key), TrainerKeys);
                break;
            case "output":
                ReadSection(name, value, key => TryFile(_files.Output, key) ?? (key == "out" ? TryFile(_files.Flat, key) : null), _files.Output.Keys);
                break;
            case "steps":
                Steps = value is JsonArray { Count: > 0 } items ? [.. items.Select((item, i) => ConfigStep.Read(_file, $"{name}/{i}", item))]
                    : throw new UsageException($"{_file.Where(name)}: \"steps\": found {Found(value)}, expected a list of at least one component.");
                break;
            case "evaluation":
                Evaluation = ConfigStep.Read(_file, name, value);
                break;
            default:
                var accept = TryFile(_files.Flat, name) ?? TrySetting(_data, Data, name) ?? TrySetting(_trainer, Options, name)
                    ?? throw new UsageException($"{_file.Where(name)}: unknown key \"{name}\"." + Names.Suggestion(name, [.. Sections, .. _files.Flat.Keys, .. _data.Keys, .. TrainerKeys]));
                accept(value, name, name);
                break;
        }
    }

    private void ReadSection(string section, JsonNode? value, Func<string, Action<JsonNode?, string, string>?> find, IEnumerable<string> known)
    {
        if (value is not JsonObject entries)
        {
            throw new UsageException($"{_file.Where(section)}: \"{section}\": found {Found(value)}, expected an object.");
        }

        foreach (var (name, entry) in entries)
        {
            var path = $"{section}/{name}";
            var accept = find(name) ?? throw new UsageException($"{_file.Where(path)}: unknown key \"{name}\" in \"{section}\"." + Names.Suggestion(name, known));
            accept(entry, path, name);
        }
    }

    private Action<JsonNode?, string, string>? TryFile(IReadOnlyDictionary<string, Option<string?>> keys, string key)
    {
        var option = keys.FirstOrDefault(pair => Names.Key(pair.Key) == Names.Key(key)).Value;
        return option is null ? null : (value, path, name) =>
        {
            // An output of inspect says null where a file was not given.
            if (value is not null || !path.Contains('/', StringComparison.Ordinal))
            {
                Set(Files, option, Text(path, name, value), path, name);
            }
        };
    }

    private Action<JsonNode?, string, string>? TrySetting(SettingFlags? flags, Dictionary<Setting, JsonNode?> values, string key) =>
        flags?.Find(key) is { } setting ? (value, path, name) => Set(values, setting, setting.Parse(value, $"{_file.Where(path)}: \"{name}\""), path, name) : null;

    private void Set<TKey, TValue>(Dictionary<TKey, TValue> values, TKey key, TValue value, string path, string name)
        where TKey : notnull
    {
        if (!values.TryAdd(key, value))
        {
            throw new UsageException($"{_file.Where(path)}: \"{name}\" is there twice, in two places or under two spellings.");
        }
    }

    private string Text(string path, string name, JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var found) && found.Length > 0 ? found
        : throw new UsageException($"{_file.Where(path)}: \"{name}\": found {Found(value)}, expected text.");

    private static string Found(JsonNode? value) => value is null ? "null" : JsonText.Line(value) is { Length: <= 60 } text ? text : value.GetValueKind() == JsonValueKind.Array ? "a list" : "an object";
}
