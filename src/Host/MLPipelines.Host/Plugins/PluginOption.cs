using System.CommandLine;

namespace MLPipelines.Host.Plugins;

/// <summary><c>--plugins DIR</c>, and the folder <c>plugins</c> beside the tool.</summary>
internal static class PluginOption
{
    internal const string Name = "--plugins";

    internal static Option<string[]> Create() => new(Name)
    {
        Description = "A folder with plugins: its own assembly, or a folder for each. Beside the tool the folder 'plugins' is looked at in any case.",
        HelpName = "DIR",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Loads the plugins; one message for each that is not used.</summary>
    internal static IReadOnlyList<string> Load(ParseResult parsed)
    {
        var given = parsed.GetValue<string[]>(Name) ?? [];
        foreach (var folder in given.Where(folder => !Directory.Exists(folder)))
        {
            throw new UsageException($"{Name}: the folder {folder} does not exist (looked in {Directory.GetCurrentDirectory()}).");
        }

        var beside = Path.Combine(AppContext.BaseDirectory, "plugins");
        return PluginLoader.Load(Directory.Exists(beside) ? given.Prepend(beside) : given);
    }
}
