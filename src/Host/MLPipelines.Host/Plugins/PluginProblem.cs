using MLPipelines.Components;

namespace MLPipelines.Host.Plugins;

/// <summary>Why a plugin is not used. Every message begins with its code and names the plugin.</summary>
internal sealed class PluginProblem(string message) : Exception(message)
{
    internal static PluginProblem WrongApiVersion(AssemblyImage plugin, string library, Version built, Version present) => new(Errors.Text(
        "MLP301", $"the plugin '{plugin.Name}' was built for another version of {library}", plugin.File, Short(present), Short(built), "Get the plugin for this version, or build it again"));

    internal static PluginProblem VersionClash(AssemblyImage plugin, string needs, string dependency, Version wanted, Version present, bool shared) => new(Errors.Text(
        "MLP302", $"the plugin '{plugin.Name}' needs a newer {dependency}" + (needs == plugin.Name ? "" : $" (through {needs})"), plugin.File, $"{wanted} or later", $"{present}",
        shared ? "This assembly is shared between the tool and all plugins: update the tool, or build the plugin for this version" : "Put the newer file into the plugin's folder"));

    internal static PluginProblem MissingDependency(AssemblyImage plugin, string needs, string dependency, Version? wanted) => new(Errors.Text(
        "MLP303", $"the plugin '{plugin.Name}' needs {dependency} {wanted}, which is not there" + (needs == plugin.Name ? "" : $" (needed by {needs})"), plugin.File,
        advice: "Put the file into the plugin's folder; dotnet publish does"));

    internal static PluginProblem DuplicateId(AssemblyImage plugin, string id, string other) => new(Errors.Text(
        "MLP304", $"the plugin '{plugin.Name}' has the component '{id}', which is in '{other}' already", plugin.File, advice: "Give it another name or the next version"));

    internal static PluginProblem DuplicateAssembly(AssemblyImage plugin, string other) => new(Errors.Text(
        "MLP305", $"there is an assembly '{plugin.Name}' already, and models name assemblies", plugin.File, got: other, advice: "Remove one of the two, or give the plugin's assembly another name"));

    internal static PluginProblem NotLoadable(string folder, Exception error) => new(Errors.Text(
        "MLP306", $"the plugin '{Path.GetFileName(folder)}' cannot be loaded", folder, got: error.GetBaseException().Message.TrimEnd('.')));

    internal static PluginProblem NoPlugin(PluginFiles files) => new(Errors.Text(
        "MLP307", $"the plugin folder '{Path.GetFileName(files.Folder)}' has no assembly that references {typeof(PipelineComponentAttribute).Assembly.GetName().Name}", files.Folder,
        got: files.NoAssemblies.Count == 0 ? null : $"{string.Join(", ", files.NoAssemblies)}, no .NET assembly",
        advice: "Put the output of the plugin's build there, or give another folder with --plugins"));

    private static string Short(Version version) => version.Major == 0 ? $"{version.Major}.{version.Minor}" : $"{version.Major}";
}
