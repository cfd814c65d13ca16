using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.ML;
using MLPipelines.Host.Settings;

namespace MLPipelines.Host.Stock;

/// <summary>
/// ML.NET's own steps: every method of the catalogs of <see cref="MLContext"/> whose parameters can be written as JSON, called as in C# with <c>mlnet.</c> in front:
/// <c>mlnet.Transforms.CopyColumns</c>, <c>mlnet.Clustering.Trainers.KMeans</c>. What is there depends on the runtime in use.
/// </summary>
internal sealed class StockCatalog
{
    internal const string Prefix = "mlnet.";

    private static readonly Lazy<StockCatalog> s_instance = new(() => new StockCatalog());

    private StockCatalog()
    {
        var found = new List<StockMethod>();
        var extensions = Extensions().ToLookup(method => method.GetParameters()[0].ParameterType);
        Collect([], typeof(MLContext), extensions, found);
        Steps = Group(found.Where(method => method.IsStep));
        Evaluations = Group(found.Where(method => method.IsEvaluation));
    }

    internal static StockCatalog Instance => s_instance.Value;

    /// <summary>The methods that make estimators, each with its overloads, ordered by name.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<StockMethod>> Steps { get; }

    /// <summary>The methods that measure scored rows.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<StockMethod>> Evaluations { get; }

    internal static bool IsStock(string component) => component.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The overloads of a name, whatever its case.</summary>
    internal static (string Name, IReadOnlyList<StockMethod> Overloads) Find(IReadOnlyDictionary<string, IReadOnlyList<StockMethod>> among, string component, string where)
    {
        var match = among.FirstOrDefault(pair => Names.Key(pair.Key) == Names.Key(component));
        return match.Key is not null ? (match.Key, match.Value)
            : throw new UsageException($"{where}: this ML.NET runtime has no step \"{component}\"."
                + (Names.Nearest(component, among.Keys) is { } nearest ? $" Did you mean \"{nearest}\"?" : " mlp components lists those that it has."));
    }

    private static SortedDictionary<string, IReadOnlyList<StockMethod>> Group(IEnumerable<StockMethod> methods) => new(
        methods.GroupBy(method => method.Name).ToDictionary(group => group.Key, group => (IReadOnlyList<StockMethod>)[.. group.OrderBy(method => method.Parameters.Count)]),
        StringComparer.Ordinal);

    private static void Collect(PropertyInfo[] path, Type catalog, ILookup<Type, MethodInfo> extensions, List<StockMethod> found)
    {
        var methods = catalog.GetMethods(BindingFlags.Public | BindingFlags.Instance).Concat(Ancestry(catalog).SelectMany(type => extensions[type]));
        found.AddRange(methods.Where(method => !method.IsGenericMethod && !method.IsSpecialName && !method.IsDefined(typeof(ObsoleteAttribute))).Select(method => new StockMethod(path, method)));
        foreach (var property in catalog.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => path.Length < 3 && IsCatalog(property.PropertyType)))
        {
            Collect([.. path, property], property.PropertyType, extensions, found);
        }
    }

    private static IEnumerable<Type> Ancestry(Type type)
    {
        for (var ancestor = type; ancestor is not null && ancestor != typeof(object); ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }
    }

    private static bool IsCatalog(Type type) => (type.DeclaringType ?? type).Name.EndsWith("Catalog", StringComparison.Ordinal) && type.Namespace == typeof(MLContext).Namespace;

    private static IEnumerable<MethodInfo> Extensions() => Assemblies().SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => type is { IsAbstract: true, IsSealed: true } && type.IsDefined(typeof(ExtensionAttribute)))
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.IsDefined(typeof(ExtensionAttribute)) && IsCatalog(method.GetParameters()[0].ParameterType));

    private static IEnumerable<Assembly> Assemblies() => (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
        .Split(Path.PathSeparator).Select(Path.GetFileNameWithoutExtension).Where(name => name!.StartsWith("Microsoft.ML.", StringComparison.Ordinal))
        .Select(name => AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name!)));
}
