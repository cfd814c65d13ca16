namespace Microsoft.ML.Data;

/// <summary>Streams to load data from, each of which can be opened any number of times.</summary>
public interface IMultiStreamSource
{
    int Count { get; }

    string GetPathOrNull(int index);

    Stream Open(int index);

    TextReader OpenTextReader(int index);
}
