using System.Runtime.InteropServices;

namespace MLPipelines.Trainers.Training;

/// <summary>Renames that outlast a loss of power.</summary>
static partial class DurableFiles
{
    /// <summary>Gives a complete file its name. An older file of that name is replaced; at any moment the name stands for one of the two.</summary>
    /// <param name="from">The file, already forced to disk.</param>
    /// <param name="to">Its name, in the same directory.</param>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        Flush(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Forces a directory's entries to disk; where the system cannot, its own order of writing has to do.</summary>
    static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(directory, flags: 0);
        if (handle < 0) return;
        _ = Synchronize(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
