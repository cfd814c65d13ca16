using System.CommandLine;
using System.Text.Json.Nodes;

namespace MLPipelines.Host.Settings;

/// <summary>Makes a flag of each setting of a record, and reads back what the command line says.</summary>
internal sealed class SettingFlags
{
    private readonly Dictionary<Setting, Option<string?>> _flags = [];
    private readonly Dictionary<string, Setting> _byKey = [];

    internal SettingFlags(SettingTable table)
    {
        Table = table;
        foreach (var setting in table.Settings)
        {
            var flag = new Option<string?>("--" + setting.Name, [.. setting.Aliases.Select(alias => "--" + alias)])
            {
                Description = Help(setting),
                HelpName = setting.IsSwitch ? "true|false" : setting.Expected.Split(',')[0].Split(" or ")[0],
                Arity = setting.IsSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            };
            flag.CompletionSources.Add([.. setting.Choices]);
            _flags.Add(setting, flag);
            foreach (var name in setting.Aliases.Prepend(setting.Name))
            {
                _byKey.Add(Names.Key(name), setting);
            }
        }
    }

    internal SettingTable Table { get; }

    internal IEnumerable<Setting> Settings => _flags.Keys;

    /// <summary>The names of the settings, without dashes in front.</summary>
    internal IEnumerable<string> Keys => _flags.Keys.Select(setting => setting.Name);

    internal void AddTo(Command command)
    {
        foreach (var flag in _flags.Values)
        {
            command.Add(flag);
        }
    }

    /// <summary>The setting that a key of the configuration file names, or null.</summary>
    internal Setting? Find(string key) => _byKey.GetValueOrDefault(Names.Key(key));

    /// <summary>What was given on the command line.</summary>
    internal Dictionary<Setting, JsonNode?> Read(ParseResult parsed)
    {
        var values = new Dictionary<Setting, JsonNode?>();
        foreach (var (setting, flag) in _flags)
        {
            if (parsed.GetResult(flag) is { Implicit: false } given)
            {
                values[setting] = setting.Parse(parsed.GetValue(flag), given.IdentifierToken?.Value ?? flag.Name);
            }
        }

        return values;
    }

    private static string Help(Setting setting)
    {
        var description = setting.Description.TrimEnd('.');
        return $"{description} [{(setting.DefaultText is { } value ? $"{setting.Expected}; default {value}" : setting.Expected)}]";
    }
}
