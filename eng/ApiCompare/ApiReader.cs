using Mono.Cecil;

namespace ApiCompare;

/// <summary>Reads the visible API of a set of assemblies that belong together.</summary>
public sealed class ApiReader
{
    private readonly Dictionary<string, TypeDefinition> types = [];
    private readonly HashSet<string> names;

    /// <param name="assemblies">All assemblies of one side: bases and interfaces are followed across them.</param>
    public ApiReader(IReadOnlyCollection<AssemblyDefinition> assemblies)
    {
        names = [.. assemblies.Select(assembly => assembly.Name.Name)];
        foreach (TypeDefinition type in assemblies.SelectMany(assembly => assembly.MainModule.GetTypes()).Where(Visibility.IsVisible))
            types.TryAdd(type.FullName, type);
    }

    /// <summary>The visible types of one assembly, by name.</summary>
    public IReadOnlyDictionary<string, ApiType> Read(AssemblyDefinition assembly) => assembly.MainModule.GetTypes()
        .Where(Visibility.IsVisible)
        .Select(Read)
        .ToDictionary(type => type.Name);

    private ApiType Read(TypeDefinition type)
    {
        var facts = new Dictionary<string, string>
        {
            ["kind"] = Kind(type),
            ["declaration"] = $"{Visibility.Access(type)} {Modifiers(type)}{Kind(type)}",
            ["type parameters"] = MemberReader.TypeParameters(type.GenericParameters),
            ["attributes"] = MemberReader.Attributes(type),
        };
        if (type.IsEnum)
            facts["underlying type"] = TypeNames.Of(type.Fields.First(field => !field.IsStatic).FieldType);

        return new ApiType(type.FullName, facts, [.. Bases(type)], Interfaces(type).ToHashSet(), MemberReader.Members(type));
    }

    private IEnumerable<string> Bases(TypeDefinition type)
    {
        for (TypeReference? current = type.BaseType; current is not null; current = Find(current)?.BaseType)
            yield return TypeNames.Of(current);
    }

    private IEnumerable<string> Interfaces(TypeDefinition type)
    {
        IEnumerable<TypeReference> direct = type.Interfaces.Select(implementation => implementation.InterfaceType);
        IEnumerable<string> visible = direct.Where(IsVisible).Select(TypeNames.Of);
        IEnumerable<TypeReference> parents = type.BaseType is null ? direct : direct.Append(type.BaseType);
        return visible.Concat(parents.Select(Find).OfType<TypeDefinition>().SelectMany(Interfaces));
    }

    // A type of an assembly that is not among those read is taken to be visible; one that is among them was found if it is.
    private bool IsVisible(TypeReference type) =>
        Find(type) is not null || (type.GetElementType() is not TypeDefinition && type.Scope is AssemblyNameReference scope && !names.Contains(scope.Name));

    private TypeDefinition? Find(TypeReference type) => types.GetValueOrDefault(type.GetElementType().FullName);

    private static string Kind(TypeDefinition type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type.BaseType?.FullName == "System.MulticastDelegate" ? "delegate"
        : "class";

    private static string Modifiers(TypeDefinition type)
    {
        if (type.IsInterface || type.IsEnum)
            return "";

        if (type.IsValueType)
            return (Has(type, "IsReadOnlyAttribute") ? "readonly " : "") + (Has(type, "IsByRefLikeAttribute") ? "ref " : "");

        return type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
    }

    private static bool Has(TypeDefinition type, string attribute) => type.CustomAttributes.Any(candidate => candidate.AttributeType.Name == attribute);
}
