using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Files to load data from. The last part of a path may hold wildcards; several paths may be joined by '+'.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
        => _paths = paths is null or [null] ? [] : [.. paths.SelectMany(FilePattern.Expand)];

    public int Count => _paths.Length;

    public string GetPathOrNull(int index)
    {
        CheckIndex(index);
        return _paths[index];
    }

    public Stream Open(int index)
    {
        CheckIndex(index);
        try
        {
            return File.OpenRead(_paths[index]);
        }
        catch (Exception ex)
        {
            throw Contracts.Process(new IOException($"Could not open file '{_paths[index]}'. Error is: {ex.Message}", ex));
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    private void CheckIndex(int index) => Contracts.CheckParam(index >= 0 && index < Count, nameof(index), "There is no such file");
}
