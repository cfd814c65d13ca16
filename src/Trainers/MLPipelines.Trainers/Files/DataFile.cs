using MLPipelines.Components;

namespace MLPipelines.Trainers.Files;

/// <summary>Opens data files that the user named.</summary>
static class DataFile
{
    /// <summary>Opens a file; whatever prevents that is the user's to mend.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">What it should hold, for messages.</param>
    public static FileStream Open(string path, string form = "JSON lines")
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException("the file does not exist", path, expected: $"a file of {form}", found: Directory.Exists(path) ? "a folder" : "nothing", inner: exception);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new DataFormatException("the file cannot be read", path, expected: $"a readable file of {form}", found: Directory.Exists(path) ? "a folder" : exception.Message.TrimEnd('.'), inner: exception);
        }
    }
}
