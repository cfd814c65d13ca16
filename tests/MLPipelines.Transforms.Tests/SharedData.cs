namespace MLPipelines.Transforms.Tests;

/// <summary>A test that needs the public data sets in ../shared/data; where they are absent it is skipped by name with this reason.</summary>
sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (Folder is null) Skip = "The folder ../shared/data beside the repository is not there.";
    }

    public static string? Folder { get; } = Find();

    static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data)) return data;
        }

        return null;
    }
}
