namespace MLPipelines.Host.Tests;

/// <summary>Small data of labelled texts, and flags of training runs that take about a second.</summary>
public sealed class TextModel : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("mlp-text-tests-").FullName;

    public string Samples { get; } = Path.Combine(Repository.Root, "samples/data");

    public string New(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName, name);

    public string Write(string name, string content)
    {
        var path = New(name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Twenty-four short orders of three kinds.</summary>
    public static string OrdersCsv(string header = "text,label") =>
        header + "\n" + string.Concat(Enumerable.Range(0, 24).Select(i => (i % 3) switch { 0 => $"play song {i},play\n", 1 => $"stop it {i},stop\n", _ => $"\"is it, or not {i}\",ask\n" }));

    public static string[] Flags(int epochs = 12) => ["--layers", "1", "--hidden", "32", "--heads", "2", "--epochs", $"{epochs}", "--batch", "8", "--lr", "1e-2", "--seed", "1", "--dropout", "0", "--device", "cpu", "--threads", "1"];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
