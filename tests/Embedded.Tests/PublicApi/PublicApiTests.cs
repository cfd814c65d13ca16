using ApiCompare;
using Mono.Cecil;
using Xunit;

namespace Embedded.Tests.PublicApi;

/// <summary>
/// The public API of each embedded assembly is written down in a file beside this one, so that a review sees every change of it.
/// To accept a change, run the tests once with APPROVE_PUBLIC_API=1:
/// <code>APPROVE_PUBLIC_API=1 dotnet test tests/Embedded.Tests --filter PublicApi</code>
/// then check with eng/ApiCompare that the real packages have what was added, and commit the changed files.
/// </summary>
public class PublicApiTests
{
    private const string Why = "It is the API of the embedded runtime; this build uses the real packages (MLPackages=nuget).";

    [EmbeddedTheory(Why)]
    [InlineData("Microsoft.ML.Core")]
    [InlineData("Microsoft.ML.Data")]
    [InlineData("Microsoft.ML.DataView")]
    [InlineData("Microsoft.ML.KMeansClustering")]
    [InlineData("Microsoft.ML.StandardTrainers")]
    [InlineData("Microsoft.ML.Tokenizers")]
    [InlineData("Microsoft.ML.Transforms")]
    [InlineData("TorchSharp")]
    public void The_public_api_is_the_approved_one(string name)
    {
        IReadOnlyList<AssemblyDefinition> assemblies = EmbeddedAssemblies.In(AppContext.BaseDirectory);
        string api = ApiListing.Of(assemblies.Single(assembly => assembly.Name.Name == name), assemblies);
        string file = Path.Combine(Folder(), name + ".approved.txt");
        if (Environment.GetEnvironmentVariable("APPROVE_PUBLIC_API") == "1")
            File.WriteAllText(file, api);

        string[] approved = File.Exists(file) ? File.ReadAllLines(file) : [];
        string[] actual = api.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> changes = actual.Except(approved).Select(line => "+ " + line).Concat(approved.Except(actual).Select(line => "- " + line));
        Assert.True(
            approved.SequenceEqual(actual),
            $"""
            The public API of the embedded {name} is not the one in {file}:
            {string.Join('\n', changes)}
            If the real package has all of it (eng/ApiCompare tells), accept it with
                APPROVE_PUBLIC_API=1 dotnet test tests/Embedded.Tests --filter PublicApi
            and commit the changed file.
            """);
    }

    [EmbeddedTheory(Why)]
    [InlineData(8)]
    public void Every_embedded_assembly_is_among_the_approved_ones(int count)
    {
        Assert.Equal(count, EmbeddedAssemblies.In(AppContext.BaseDirectory).Count);
        Assert.Equal(count, Directory.GetFiles(Folder(), "*.approved.txt").Length);
    }

    private static string Folder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "MLPipelines.sln")))
            folder = Path.GetDirectoryName(folder);

        return Path.Combine(folder ?? throw new DirectoryNotFoundException("The tests run outside the repository."), "tests", "Embedded.Tests", "PublicApi");
    }
}
