namespace MLPipelines.Persistence;

/// <summary>An open file of tensors: names, types and shapes are known and checked, values are read one tensor at a time.</summary>
/// <remarks>Not safe for concurrent use. The file must not change while it is open. Nothing in the file is ever executed.</remarks>
public interface ITensorFile : IDisposable
{
    /// <summary>The file's name, for messages.</summary>
    string Path { get; }

    /// <summary>The length of the file in bytes: no honest tensor is larger.</summary>
    long Length { get; }

    /// <summary>The tensors by name.</summary>
    IReadOnlyDictionary<string, ITensorSource> Tensors { get; }
}
