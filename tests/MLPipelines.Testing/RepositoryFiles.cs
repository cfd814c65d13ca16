namespace MLPipelines.Testing;

/// <summary>Finds files of the repository that a test runs in, such as golden values and approved lists.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that contains the solution file, found upwards from where the tests run.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below <see cref="Root"/>.</summary>
    /// <param name="parts">Folder and file names.</param>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (folder.EnumerateFiles("*.sln").Any() || folder.EnumerateFiles("*.slnx").Any()) return folder.FullName;
        throw new ContractViolationException($"no solution file was found above {AppContext.BaseDirectory}");
    }
}
