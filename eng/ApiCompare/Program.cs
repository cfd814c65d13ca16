using System.CommandLine;
using ApiCompare;
using Mono.Cecil;

var embeddedFolder = new Argument<DirectoryInfo>("embedded") { Description = "Folder with the assemblies of the embedded runtime." };
var realFolder = new Argument<DirectoryInfo>("real") { Description = "Folder with the real assemblies of the same names." };
var command = new RootCommand("Prints every public or protected member of the embedded runtime that the real packages lack or declare differently.")
{
    embeddedFolder.AcceptExistingOnly(),
    realFolder.AcceptExistingOnly(),
};
command.SetAction(arguments => Run(arguments.GetRequiredValue(embeddedFolder), arguments.GetRequiredValue(realFolder)));
return command.Parse(args).Invoke();

// 0: a strict subset; 1: differences were found; 2: the folders do not hold what is to be compared.
static int Run(DirectoryInfo embeddedFolder, DirectoryInfo realFolder)
{
    IReadOnlyList<AssemblyDefinition> embedded = EmbeddedAssemblies.In(embeddedFolder.FullName);
    if (embedded.Count == 0)
    {
        Console.Error.WriteLine($"{embeddedFolder} holds no assembly of the embedded runtime. Give the output folder of a project built with MLPackages=embedded.");
        return 2;
    }

    List<AssemblyDefinition> real = [.. EmbeddedAssemblies.ReadAll(realFolder.FullName)];
    var comparer = new ApiComparer(embedded, real);
    int found = 0;
    foreach (AssemblyDefinition assembly in embedded)
    {
        AssemblyDefinition? counterpart = real.Find(candidate => candidate.Name.Name == assembly.Name.Name);
        if (counterpart is null)
        {
            Console.Error.WriteLine($"{realFolder} has no {assembly.Name.Name}.dll to compare with.");
            return 2;
        }

        List<string> differences = [.. comparer.Compare(assembly, counterpart)];
        differences.ForEach(Console.WriteLine);
        Console.Error.WriteLine($"{assembly.Name.Name} {assembly.Name.Version} against {counterpart.Name.Version}: {differences.Count} differences");
        found += differences.Count;
    }

    return found == 0 ? 0 : 1;
}
