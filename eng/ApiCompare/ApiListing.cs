using Mono.Cecil;

namespace ApiCompare;

/// <summary>The visible API of an assembly as text that a person can review: a line for each type, an indented one for each member.</summary>
public static class ApiListing
{
    /// <param name="assembly">The assembly to list.</param>
    /// <param name="all">It and the assemblies beside it, across which bases and interfaces are followed.</param>
    public static string Of(AssemblyDefinition assembly, IReadOnlyCollection<AssemblyDefinition> all) =>
        string.Concat(new ApiReader(all).Read(assembly).Values.OrderBy(type => type.Name, StringComparer.Ordinal).SelectMany(Lines).Select(line => line + "\n"));

    private static IEnumerable<string> Lines(ApiType type)
    {
        IEnumerable<string> parents = type.Bases.Take(1).Where(name => name is not ("object" or "System.ValueType" or "System.Enum" or "System.MulticastDelegate"))
            .Concat(type.Interfaces.Order(StringComparer.Ordinal));
        string constraints = type.Facts["type parameters"];
        yield return type.Display
            + (parents.Any() ? " : " + string.Join(", ", parents) : "")
            + (constraints.Length > 0 ? $" <{constraints}>" : "")
            + Attributes(type.Facts);
        foreach (ApiMember member in type.Members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => member.Value))
        {
            string parameters = member.Facts.GetValueOrDefault("type parameters", "");
            yield return $"    {member.Display}{(parameters.Length > 0 ? $" <{parameters}>" : "")}{Attributes(member.Facts)}";
        }
    }

    private static string Attributes(IReadOnlyDictionary<string, string> facts) =>
        facts.GetValueOrDefault("attributes", "") is { Length: > 0 } attributes ? " " + attributes : "";
}
