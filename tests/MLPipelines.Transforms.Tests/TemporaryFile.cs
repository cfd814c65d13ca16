namespace MLPipelines.Transforms.Tests;

/// <summary>A file that disappears with the test.</summary>
sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string content) => File.WriteAllText(Path, content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".txt");

    public void Dispose() => File.Delete(Path);
}
