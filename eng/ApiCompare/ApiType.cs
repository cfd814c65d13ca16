namespace ApiCompare;

/// <summary>What code outside an assembly can see of one of its types.</summary>
/// <param name="Name">Namespace, declaring types and arity, as in metadata.</param>
/// <param name="Facts">What must be the same on both sides, by the name of the property compared.</param>
/// <param name="Bases">Base classes from the nearest on, as far as they are among the assemblies read, and the first one beyond.</param>
/// <param name="Interfaces">All visible interfaces, inherited ones included as far as they are among the assemblies read.</param>
/// <param name="Members">Visible members by their key: name, arity and parameter types.</param>
public sealed record ApiType(
    string Name,
    IReadOnlyDictionary<string, string> Facts,
    IReadOnlyList<string> Bases,
    IReadOnlySet<string> Interfaces,
    IReadOnlyDictionary<string, ApiMember> Members)
{
    /// <summary>Its declaration, without bases and interfaces.</summary>
    public string Display => $"{Facts["declaration"]} {Name}";

    /// <summary>Code outside may derive from it or implement it, so it must know every abstract member.</summary>
    public bool CanBeImplemented => Facts["kind"] == "interface" || (Facts["declaration"].Contains("abstract", StringComparison.Ordinal) && HasConstructor);

    private bool HasConstructor => Members.Keys.Any(key => key.StartsWith(".ctor(", StringComparison.Ordinal));
}
