using System.Reflection;
using System.Runtime.Loader;
using MLPipelines.Components;
using MLPipelines.Host.Plugins;

namespace MLPipelines.Host.Tests.Plugins;

/// <summary>Plugins are compiled here and loaded from their folders, as the tool does it.</summary>
[Collection(ToolCollection.Name)]
public sealed class PluginTests : IDisposable
{
    private readonly PluginCompiler _plugins = new();

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public void Components_of_a_folder_are_found_and_made()
    {
        var (name, id) = Plugin("One", "\"from a plugin\"");

        Assert.Empty(Load());
        var component = ComponentRegistry.OfApplication().Get(id);
        Assert.Equal((name, "A test"), (component.Type.Assembly.GetName().Name, component.Summary));
        Assert.Equal("from a plugin", ComponentRegistry.OfApplication().Create<object>(id).ToString());
        Assert.Empty(PluginLoader.Load([_plugins.Root]));
        Assert.Single(AssemblyLoadContext.All.SelectMany(context => context.Assemblies), assembly => assembly.GetName().Name == name);
    }

    [Fact]
    public void Assembly_of_a_plugin_is_found_by_name_in_the_default_context()
    {
        var (name, _) = Plugin("Named", "\"x\"");

        Assert.Empty(Load());
        Assert.Equal(name, Assembly.Load(name).GetName().Name);
        Assert.Equal(name, AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName { Name = name }).GetName().Name);
    }

    [Fact]
    public void Transformers_that_a_plugin_brings_along_are_found_by_name_and_other_libraries_are_not()
    {
        var (name, transformers, other) = (PluginCompiler.Unique("Bringing"), PluginCompiler.Unique("Transformers"), PluginCompiler.Unique("Other"));
        var folder = _plugins.Folder(name);
        string[] libraries =
        [
            PluginCompiler.Compile(folder, transformers, "public abstract class Transformers { public abstract Microsoft.ML.ITransformer One { get; } public static int Two => 2; }"),
            PluginCompiler.Compile(folder, other, "public static class Other { public static int Three => 3; }"),
        ];
        PluginCompiler.Compile(folder, name, PluginCompiler.Component(name, $"test.{name.ToLowerInvariant()}.v1", "$\"{Transformers.Two * Other.Three}\""), references: libraries);

        Assert.Empty(Load());
        Assert.Equal("6", ComponentRegistry.OfApplication().Create<object>($"test.{name.ToLowerInvariant()}.v1").ToString());
        Assert.Same(Assembly.Load(transformers), AssemblyLoadContext.All.SelectMany(context => context.Assemblies).Single(assembly => assembly.GetName().Name == transformers));
        Assert.Throws<FileNotFoundException>(() => Assembly.Load(other));
    }

    [Fact]
    public void Each_plugin_has_its_own_version_of_a_dependency()
    {
        var dependency = PluginCompiler.Unique("Dependency");
        var ids = new List<string>();
        foreach (var version in (string[])["1.0.0.0", "2.0.0.0"])
        {
            var name = PluginCompiler.Unique("Isolated");
            var folder = _plugins.Folder(name);
            var file = PluginCompiler.Compile(folder, dependency, $$"""public static class Library { public static string Version => "{{version}}"; }""", version);
            ids.Add($"test.{name.ToLowerInvariant()}.v1");
            PluginCompiler.Compile(folder, name, PluginCompiler.Component(name, ids[^1], "Library.Version"), references: file);
        }

        Assert.Empty(Load());
        Assert.Equal(["1.0.0.0", "2.0.0.0"], ids.Select(id => ComponentRegistry.OfApplication().Create<object>(id).ToString()));
    }

    [Fact]
    public void Shared_libraries_beside_a_plugin_are_not_loaded_a_second_time()
    {
        var (name, id) = Plugin("Copies", "typeof(MLPipelines.Components.ComponentRegistry).Assembly.Location");
        var core = typeof(ComponentRegistry).Assembly.Location;
        File.Copy(core, Path.Combine(_plugins.Folder(name), Path.GetFileName(core)));

        Assert.Empty(Load());
        Assert.Equal(core, ComponentRegistry.OfApplication().Create<object>(id).ToString());
    }

    [Fact]
    public void Missing_dependency_is_named_and_stops_no_other_plugin()
    {
        var (dependency, broken) = (PluginCompiler.Unique("Absent"), PluginCompiler.Unique("Broken"));
        var elsewhere = PluginCompiler.Compile(_plugins.Folder("elsewhere"), dependency, "public static class Library { public static string Version => \"1\"; }", "3.1.0.0");
        PluginCompiler.Compile(_plugins.Folder(broken), broken, PluginCompiler.Component(broken, $"test.{broken.ToLowerInvariant()}.v1", "Library.Version"), references: elsewhere);
        File.Delete(elsewhere);
        var (_, good) = Plugin("Good", "\"good\"");

        var problem = Assert.Single(Load());
        Assert.StartsWith($"MLP303: the plugin '{broken}' needs {dependency} 3.1.0.0, which is not there (", problem, StringComparison.Ordinal);
        Assert.Equal("good", ComponentRegistry.OfApplication().Create<object>(good).ToString());
        Assert.DoesNotContain(ComponentRegistry.OfApplication().Components, component => component.Name.Equals(broken, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Id_that_is_taken_is_named_with_both_owners()
    {
        var name = PluginCompiler.Unique("Duplicate");
        PluginCompiler.Compile(_plugins.Folder(name), name, PluginCompiler.Component("Taken", "loss.zlpr.v1", "\"\""));

        Assert.StartsWith($"MLP304: the plugin '{name}' has the component 'loss.zlpr.v1', which is in 'MLPipelines.Trainers' already (", Assert.Single(Load()), StringComparison.Ordinal);
    }

    [Fact]
    public void Id_in_two_plugins_keeps_the_first()
    {
        var id = $"test.{PluginCompiler.Unique("twice")}.v1";
        foreach (var prefix in (string[])["A", "B"])
        {
            var name = PluginCompiler.Unique(prefix);
            PluginCompiler.Compile(_plugins.Folder(name), name, PluginCompiler.Component(name, id, $"\"{prefix}\""));
        }

        Assert.StartsWith("MLP304: the plugin 'B", Assert.Single(Load()), StringComparison.Ordinal);
        Assert.Equal("A", ComponentRegistry.OfApplication().Create<object>(id).ToString());
    }

    [Fact]
    public void Plugin_for_another_version_of_the_libraries_is_refused()
    {
        var future = PluginCompiler.Compile(_plugins.Folder("elsewhere"), "MLPipelines.Core", """
            namespace MLPipelines.Components
            {
                public sealed class PipelineComponentAttribute : System.Attribute
                {
                    public PipelineComponentAttribute(string id) { }
                    public string? Source { get; init; }
                    public string? Summary { get; init; }
                }
            }
            """, "9.0.0.0");
        var name = PluginCompiler.Unique("Future");
        PluginCompiler.Compile(_plugins.Folder(name), name, PluginCompiler.Component(name, $"test.{name.ToLowerInvariant()}.v1", "\"\""), references: future);
        File.Delete(future);

        Assert.StartsWith($"MLP301: the plugin '{name}' was built for another version of MLPipelines.Core (", Assert.Single(Load()), StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_version_of_a_shared_library_is_a_clash()
    {
        var newer = PluginCompiler.Compile(_plugins.Folder("elsewhere"), "TorchSharp", "public static class Torch { public static string Version => \"\"; }", "77.0.0.0");
        var name = PluginCompiler.Unique("Clash");
        PluginCompiler.Compile(_plugins.Folder(name), name, PluginCompiler.Component(name, $"test.{name.ToLowerInvariant()}.v1", "Torch.Version"), references: newer);

        var problem = Assert.Single(Load(), problem => problem.StartsWith("MLP302", StringComparison.Ordinal));
        Assert.StartsWith($"MLP302: the plugin '{name}' needs a newer TorchSharp (", problem, StringComparison.Ordinal);
        Assert.Contains("77.0.0.0 or later", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Own_dependency_that_is_too_old_is_a_clash()
    {
        var (dependency, name) = (PluginCompiler.Unique("Old"), PluginCompiler.Unique("Wants"));
        const string Library = "public static class Library { public static string Version => \"\"; }";
        var wanted = PluginCompiler.Compile(_plugins.Folder("elsewhere"), dependency, Library, "2.0.0.0");
        PluginCompiler.Compile(_plugins.Folder(name), name, PluginCompiler.Component(name, $"test.{name.ToLowerInvariant()}.v1", "Library.Version"), references: wanted);
        File.Delete(wanted);
        PluginCompiler.Compile(_plugins.Folder(name), dependency, Library);

        var problem = Assert.Single(Load());
        Assert.StartsWith($"MLP302: the plugin '{name}' needs a newer {dependency} (", problem, StringComparison.Ordinal);
        Assert.EndsWith("Put the newer file into the plugin's folder.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_plugins_with_one_assembly_name_are_told_apart()
    {
        var name = PluginCompiler.Unique("Same");
        foreach (var folder in (string[])["first", "second"])
        {
            PluginCompiler.Compile(_plugins.Folder(folder), name, PluginCompiler.Component("Same", $"test.{PluginCompiler.Unique(folder)}.v1", "\"\""));
        }

        Assert.StartsWith($"MLP305: there is an assembly '{name}' already, and models name assemblies (", Assert.Single(Load()), StringComparison.Ordinal);
    }

    [Fact]
    public void Malformed_id_and_folders_without_a_plugin_are_named()
    {
        var name = PluginCompiler.Unique("Malformed");
        PluginCompiler.Compile(_plugins.Folder(name), name, PluginCompiler.Component("Malformed", "No.Good", "\"\""));
        PluginCompiler.Compile(_plugins.Folder("library"), PluginCompiler.Unique("Library"), "public static class Library { }");
        File.WriteAllText(Path.Combine(_plugins.Folder("text"), "text.dll"), "this is no assembly");
        _plugins.Folder("empty");

        var problems = Load();
        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.StartsWith($"MLP306: the plugin '{name}' cannot be loaded", StringComparison.Ordinal) && problem.Contains("MLP003", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("MLP307: the plugin folder 'library' has no assembly that references MLPipelines.Core", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("MLP307: the plugin folder 'text'", StringComparison.Ordinal) && problem.Contains("Got: text.dll, no .NET assembly. Put", StringComparison.Ordinal));
    }

    [Fact]
    public void Tool_lists_plugins_and_warns_of_broken_ones()
    {
        var (name, id) = Plugin("Listed", "\"x\"");
        var taken = PluginCompiler.Unique("Taken");
        PluginCompiler.Compile(_plugins.Folder(taken), taken, PluginCompiler.Component("Taken", "loss.zlpr.v1", "\"\""));

        var run = ToolRun.Of("components", "--json", "--plugins", _plugins.Root).Succeeded();
        var listed = Assert.Single(run.OutputLines[0]["components"]!.AsArray(), component => (string)component!["id"]! == id)!;
        Assert.Equal((name, "test"), ((string)listed["assembly"]!, (string)listed["kind"]!));
        Assert.Contains($"warning: MLP304: the plugin '{taken}'", run.Error, StringComparison.Ordinal);
        ToolRun.Of("components", "--plugins", "no-such-folder").FailedWith(Tool.BadInput, "--plugins", "no-such-folder", "does not exist");
    }

    private IReadOnlyList<string> Load() => PluginLoader.Load([_plugins.Root]);

    private (string Name, string Id) Plugin(string name, string expression)
    {
        name = PluginCompiler.Unique(name);
        var id = $"test.{name.ToLowerInvariant()}.v1";
        PluginCompiler.Compile(_plugins.Folder(name), name, PluginCompiler.Component(name, id, expression));
        return (name, id);
    }
}
