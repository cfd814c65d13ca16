namespace MLPipelines.Host.Tests.Packages;

/// <summary>
/// The packages of this build in a folder, and the tool installed from that folder alone, as on a machine without this repository. No other feed is asked: what else a build needs was restored for this
/// repository, and is lent to it.
/// </summary>
public sealed class PackedTool : IAsyncLifetime
{
    /// <summary>Everything is below it, and it is outside of the repository.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mlp-packages-").FullName;

    /// <summary>The folder with the packages.</summary>
    public string Feed => Path.Combine(Folder, "packages");

    private Dictionary<string, string> Environment => new()
    {
        ["PATH"] = Path.Combine(Folder, "tool") + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH"),
        ["NUGET_PACKAGES"] = Path.Combine(Folder, "restored"),
        ["NUGET_FALLBACK_PACKAGES"] = Path.Combine(Folder, "lent"),
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_NOLOGO"] = "1",
    };

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "nuget.config"), "<configuration><packageSources><clear /></packageSources></configuration>");
        Lend(Path.Combine(Folder, "lent"));
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        (await ChildProcess.Run("dotnet", ["pack", Path.Combine(Repository.Root, "MLPipelines.Packages.slnf"), "-c", configuration, "--no-build", "-o", Feed, "-v", "quiet", "-nologo", "-nodeReuse:false"])).Succeeded();
        (await Run("dotnet", "tool", "install", "MLPipelines.Tool", "--tool-path", Path.Combine(Folder, "tool"), "--add-source", Feed)).Succeeded();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs a program in the folder.</summary>
    internal Task<ChildProcess> Run(string program, params string[] args) => RunIn(Folder, program, args);

    internal Task<ChildProcess> RunIn(string folder, string program, params string[] args) => ChildProcess.Run(program == "mlp" ? Path.Combine(Folder, "tool", "mlp") : program, args, folder, Environment);

    // Packages that others made; ours are to come from the feed, whatever earlier builds left on this machine.
    private static void Lend(string folder)
    {
        Directory.CreateDirectory(folder);
        var restored = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget/packages");
        foreach (var package in Directory.EnumerateDirectories(restored).Where(package => !Path.GetFileName(package).StartsWith("mlpipelines.", StringComparison.OrdinalIgnoreCase)))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(package)), package);
        }
    }
}
