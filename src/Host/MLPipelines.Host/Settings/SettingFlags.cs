using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MLPipelines.Host.Settings;

/// <summary>Makes a flag of each setting and reads the values back: first the configuration file, then the flags over it.</summary>
internal sealed class SettingFlags
{
    private readonly SettingTable _table;
    private readonly Dictionary<Setting, Option<string?>> _flags = [];
    private readonly Dictionary<string, Setting> _byKey = [];

    internal SettingFlags(SettingTable table)
    {
        _table = table;
        foreach (var setting in table.Settings)
        {
            _flags.Add(setting, new Option<string?>("--" + setting.Name, [.. setting.Aliases.Select(alias => "--" + alias)])
            {
                Description = Help(setting),
                HelpName = setting.IsSwitch ? "true|false" : setting.Expected.Split(',')[0],
                Arity = setting.IsSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            });
            foreach (var name in setting.Aliases.Prepend(setting.Name))
            {
                _byKey.Add(Names.Key(name), setting);
            }
        }
    }

    internal void AddTo(Command command)
    {
        foreach (var flag in _flags.Values)
        {
            command.Add(flag);
        }
    }

    /// <summary>Builds the options. A key that is neither a setting nor one of the command's own names is an error.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="config">The configuration file, or null.</param>
    /// <param name="own">Keys that belong to the command itself, such as <c>train</c> and <c>out</c>.</param>
    internal object Read(ParseResult parsed, ConfigFile? config, IReadOnlyCollection<string> own)
    {
        var values = new Dictionary<Setting, JsonNode>();
        foreach (var entry in config?.Entries ?? [])
        {
            if (_byKey.TryGetValue(Names.Key(entry.Name), out var setting))
            {
                values[setting] = setting.Parse(entry.Value, $"{entry.Where}: \"{entry.Name}\"");
            }
            else if (!own.Any(name => Names.Key(name) == Names.Key(entry.Name)))
            {
                throw new UsageException($"{entry.Where}: unknown key \"{entry.Name}\"." + Suggestion(entry.Name, own));
            }
        }

        foreach (var (setting, flag) in _flags)
        {
            if (parsed.GetResult(flag) is { Implicit: false } given)
            {
                values[setting] = setting.Parse(parsed.GetValue(flag), given.IdentifierToken?.Value ?? flag.Name);
            }
        }

        return _table.Create(values);
    }

    private string Suggestion(string name, IEnumerable<string> own)
    {
        var known = _flags.Keys.Select(setting => setting.Name).Concat(own).ToList();
        var nearest = Names.Nearest(name, known.Concat(_flags.Keys.SelectMany(setting => setting.Aliases)));
        return nearest is null ? $" Known keys: {string.Join(", ", known)}." : $" Did you mean \"{nearest}\"?";
    }

    private static string Help(Setting setting)
    {
        var description = setting.Description.TrimEnd('.');
        var defaultValue = setting.Default is null ? null : Convert.ToString(setting.Default, CultureInfo.InvariantCulture);
        var notes = string.IsNullOrEmpty(defaultValue) || setting.Default is System.Collections.IEnumerable and not string
            ? setting.Expected
            : $"{setting.Expected}; default {(setting.Default is bool or Enum ? Names.Kebab(defaultValue) : defaultValue)}";
        return $"{description} [{notes}]";
    }
}
