using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MLPipelines.Host.Tests.Plugins;

/// <summary>Builds assemblies for plugin folders, each in its own folder below a temporary one.</summary>
public sealed class PluginCompiler : IDisposable
{
    // Read once: a compilation takes longer to read what it references than for anything else.
    private static readonly IReadOnlyDictionary<string, MetadataReference> s_platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .DistinctBy(Path.GetFileNameWithoutExtension).ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, file => (MetadataReference)MetadataReference.CreateFromFile(file));

    public string Root { get; } = Directory.CreateTempSubdirectory("mlp-plugins-").FullName;

    /// <summary>A name that no other test has: what is loaded stays loaded.</summary>
    public static string Unique(string name) => name + Guid.NewGuid().ToString("N")[..8];

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    /// <summary>Compiles one assembly.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="source">C#.</param>
    /// <param name="version">Its version.</param>
    /// <param name="references">Files to reference; each replaces an assembly of the same name that this process has.</param>
    public static string Compile(string folder, string name, string source, string version = "1.0.0.0", params string[] references)
    {
        var replaced = references.Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var referenced = s_platform.Where(file => !replaced.Contains(file.Key)).Select(file => file.Value).Concat(references.Select(file => MetadataReference.CreateFromFile(file)));
        var compilation = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]\n{source}")],
            referenced, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var path = Path.Combine(folder, name + ".dll");
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return path;
    }

    /// <summary>A component that shows a text.</summary>
    public static string Component(string className, string id, string expression) => $$"""
        [MLPipelines.Components.PipelineComponent("{{id}}", Summary = "A test", Source = "https://example.org")]
        public sealed class {{className}}
        {
            public override string ToString() => {{expression}};
        }
        """;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
