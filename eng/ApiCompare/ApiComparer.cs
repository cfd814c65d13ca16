using Mono.Cecil;

namespace ApiCompare;

/// <summary>Finds what an assembly offers that the assembly it stands for lacks or declares differently.</summary>
public sealed class ApiComparer
{
    private readonly ApiReader embeddedReader;
    private readonly ApiReader realReader;
    private readonly Dictionary<string, ApiType> allReal;

    /// <param name="embedded">All assemblies of the embedded runtime.</param>
    /// <param name="real">The real assemblies, and those that they build on as far as these declare part of the API.</param>
    public ApiComparer(IReadOnlyCollection<AssemblyDefinition> embedded, IReadOnlyCollection<AssemblyDefinition> real)
    {
        embeddedReader = new ApiReader(embedded);
        realReader = new ApiReader(real);
        allReal = [];
        foreach ((string name, ApiType type) in real.SelectMany(realReader.Read))
            allReal.TryAdd(name, type);
    }

    /// <summary>One line for each difference; none when the embedded assembly is a strict subset of the real one.</summary>
    public IEnumerable<string> Compare(AssemblyDefinition embedded, AssemblyDefinition real)
    {
        IReadOnlyDictionary<string, ApiType> counterparts = realReader.Read(real);
        foreach (ApiType type in embeddedReader.Read(embedded).Values.OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            IEnumerable<string> differences = counterparts.TryGetValue(type.Name, out ApiType? counterpart)
                ? Compare(type, counterpart)
                : [$"{type.Display}: the real assembly has no such type"];
            foreach (string difference in differences)
                yield return $"{embedded.Name.Name}: {difference}";
        }
    }

    private IEnumerable<string> Compare(ApiType type, ApiType real)
    {
        foreach (string difference in Facts(type.Facts, real.Facts))
            yield return $"{type.Name}: {difference}";

        if (type.Bases.Count > 0 && !real.Bases.Contains(type.Bases[0]))
            yield return $"{type.Name}: base type {type.Bases[0]}, really {string.Join(" : ", real.Bases)}";

        foreach (string name in type.Interfaces.Where(name => !real.Interfaces.Contains(name)).Order(StringComparer.Ordinal))
            yield return $"{type.Name}: does not really implement {name}";

        foreach ((string key, ApiMember member) in type.Members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            foreach (string difference in Compare(member, Find(real, key)))
                yield return $"{type.Name}: {member.Display}: {difference}";
        }

        if (!type.CanBeImplemented)
            yield break;

        foreach ((string key, ApiMember member) in real.Members.Where(member => member.Value.IsAbstract && !type.Members.ContainsKey(member.Key)))
            yield return $"{type.Name}: lacks the abstract member {member.Display}";
    }

    private static IEnumerable<string> Compare(ApiMember member, ApiMember? real)
    {
        if (real is null)
        {
            if (!member.IsOverride)
                yield return "the real type has no such member";

            yield break;
        }

        // An accessor that the embedded property lacks is missed only by those who have to implement the property.
        IEnumerable<KeyValuePair<string, string>> facts = member.Facts.Where(fact => fact is not { Key: "get" or "set", Value: "no" } || member.IsAbstract);
        foreach (string difference in Facts(facts, real.Facts))
            yield return difference;

        if (member.IsOverridable && !real.IsOverridable)
            yield return "cannot really be overridden";
    }

    /// <summary>A member that the real type inherits is as good as one that it declares, except for a constructor.</summary>
    private ApiMember? Find(ApiType type, string key)
    {
        if (type.Members.TryGetValue(key, out ApiMember? member) || key.StartsWith('.'))
            return member;

        // The parents of an interface are among its interfaces.
        IEnumerable<string> parents = type.Facts["kind"] == "interface" ? type.Interfaces : type.Bases;
        return parents.Select(name => allReal.GetValueOrDefault(name)?.Members.GetValueOrDefault(key)).FirstOrDefault(inherited => inherited is not null);
    }

    private static IEnumerable<string> Facts(IEnumerable<KeyValuePair<string, string>> facts, IReadOnlyDictionary<string, string> real)
    {
        foreach ((string name, string value) in facts)
        {
            string counterpart = real.GetValueOrDefault(name, "");
            if (counterpart != value)
                yield return $"{name} is '{value}', really '{counterpart}'";
        }
    }
}
