using Mono.Cecil;

// publicise OUTPUT-FOLDER ASSEMBLY…
//
// Writes a copy of each assembly in which everything internal is public. The copies are compile-time references only:
// at run time the original is loaded, and the CLR lets the compiled assembly in because it carries
// IgnoresAccessChecksToAttribute (src/Transforms/MLPipelines.Core/Interop).
if (args.Length < 2)
{
    Console.Error.WriteLine("publicise: expected an output folder and at least one assembly");
    return 2;
}

var folder = Directory.CreateDirectory(args[0]).FullName;
foreach (var path in args.Skip(1))
{
    using var resolver = new DefaultAssemblyResolver();
    resolver.AddSearchDirectory(Path.GetDirectoryName(Path.GetFullPath(path)));
    using var assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = resolver });

    foreach (var type in assembly.MainModule.GetTypes().Where(IsOurs)) Publicise(type);

    // Written aside and moved: a build that is interrupted leaves no half-written reference behind.
    var target = Path.Combine(folder, Path.GetFileName(path));
    assembly.Write(target + ".tmp");
    File.Move(target + ".tmp", target, overwrite: true);
}

return 0;

// Compiler-provided types (NullableAttribute and the like) exist in many assemblies; two visible ones would be ambiguous.
static bool IsOurs(TypeDefinition type)
{
    while (type.DeclaringType is not null) type = type.DeclaringType;
    return type.Namespace.StartsWith("Microsoft.ML", StringComparison.Ordinal);
}

// Only what is internal changes. Private members stay (an event and its field share a name), and so do protected ones
// (an override must repeat the accessibility of the original).
static void Publicise(TypeDefinition type)
{
    if (type.IsNotPublic) type.IsPublic = true;
    if (type.IsNestedAssembly || type.IsNestedFamilyAndAssembly || type.IsNestedFamilyOrAssembly) type.IsNestedPublic = true;
    foreach (var method in type.Methods.Where(method => method.IsAssembly)) method.IsPublic = true;
    foreach (var field in type.Fields.Where(field => field.IsAssembly)) field.IsPublic = true;
}
