using Mono.Cecil;

namespace ApiCompare;

/// <summary>The assemblies of the embedded runtime carry a mark, by which they are told from the packages that they stand for.</summary>
public static class EmbeddedAssemblies
{
    /// <summary>Reads those in a folder, by name.</summary>
    public static IReadOnlyList<AssemblyDefinition> In(string folder) =>
        [.. ReadAll(folder).Where(IsMarked).OrderBy(assembly => assembly.Name.Name, StringComparer.Ordinal)];

    /// <summary>Reads every managed assembly in a folder.</summary>
    public static IEnumerable<AssemblyDefinition> ReadAll(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.dll"))
        {
            AssemblyDefinition assembly;
            try
            {
                assembly = AssemblyDefinition.ReadAssembly(file);
            }
            catch (BadImageFormatException)
            {
                continue;
            }

            yield return assembly;
        }
    }

    private static bool IsMarked(AssemblyDefinition assembly) => assembly.CustomAttributes.Any(attribute =>
        attribute.AttributeType.Name == "AssemblyMetadataAttribute" && attribute.ConstructorArguments is [{ Value: "Runtime" }, { Value: "embedded" }]);
}
