using System.Reflection;
using MLPipelines.Components;
using MLPipelines.Testing;
using Mono.Cecil;

namespace MLPipelines.Architecture.Tests;

/// <summary>What the rules are about: the assemblies under src/, their components and their source files.</summary>
static class Product
{
    public const string Core = "MLPipelines.Core";
    public const string Transforms = "MLPipelines.Transforms";
    public const string Trainers = "MLPipelines.Trainers";
    public const string Host = "mlp";

    public static readonly string[] Libraries = [Core, Transforms, Trainers];

    public static Assembly Load(string name) => Assembly.Load(name);

    public static IReadOnlyList<Type> Components { get; } =
        [.. Libraries.Append(Host).SelectMany(name => Load(name).GetTypes()).Where(type => type.IsDefined(typeof(PipelineComponentAttribute), inherit: false))];

    /// <summary>An assembly as data, with its references beside it.</summary>
    public static AssemblyDefinition Read(string name)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        return AssemblyDefinition.ReadAssembly(Load(name).Location, new ReaderParameters { AssemblyResolver = resolver });
    }

    /// <summary>The C# files below a folder, as paths relative to the repository. There have to be some: a search in the wrong place must not pass.</summary>
    public static IReadOnlyList<string> Sources(params string[] folders)
    {
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(RepositoryFiles.Path(folder), "*.cs", SearchOption.AllDirectories)).ToList();
        if (files.Count == 0) throw new InvalidOperationException($"no C# files were found in {string.Join(", ", folders)}");
        return [.. files.Select(file => Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    public static string Text(string file) => File.ReadAllText(RepositoryFiles.Path(file));
}
