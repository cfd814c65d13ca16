using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLPipelines.Trainers.Training;

/// <summary>For as long as it lives, memory of freed tensors stays with the process and is used again at once, which loops that make and free the same large tensors over and over need.</summary>
/// <remarks>
/// Left to itself, the C library returns large freed blocks to the system, and the next step pays for fresh pages, each of which the system fills with zeros first.
/// <see cref="TrainingLoop"/> holds an instance during a run; a loop of one's own may do the same.
/// <para>
/// Where the C library is GNU's, this raises its thresholds for mapping blocks and for trimming (<c>M_MMAP_THRESHOLD</c>, <c>M_TRIM_THRESHOLD</c> and <c>M_TOP_PAD</c> of <c>mallopt</c>). They hold for the whole process:
/// whatever else allocates meanwhile keeps its freed memory for reuse, too, and nothing else changes. When the last instance is disposed, the thresholds become 32 and 64 MiB, the values at which the library's own
/// adjustment ends in a process that frees large blocks, the rest is as before, and memory that is free is returned to the system. Where the thresholds were set from outside (<c>MALLOC_MMAP_THRESHOLD_</c> and the like, <c>GLIBC_TUNABLES</c>), and with other
/// C libraries, nothing is done. Safe for concurrent use.
/// </para>
/// Source: https://man7.org/linux/man-pages/man3/mallopt.3.html.
/// </remarks>
/// <example><code>
/// using (new StepMemory())
/// {
///     foreach (var batch in batches) Train(batch);
/// }
/// </code></example>
public sealed class StepMemory : IDisposable
{
    const int TrimThreshold = -1;
    const int Pad = -2;
    const int MapThreshold = -3;
    const int Kibi = 1 << 10;
    const int Mebi = 1 << 20;

    static readonly string[] s_variables = ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_MAX_", "MALLOC_TOP_PAD_"];
    static readonly Lock s_lock = new();
    static readonly (Func<int, int, int> Set, Func<nuint, int> Trim)? s_library = Find();
    static readonly StrongBox<int> s_instances = new();
    bool isDisposed;

    /// <summary>Begins.</summary>
    public StepMemory()
    {
        lock (s_lock)
        {
            // Larger blocks still come from the system and go back to it: kept, they would cost more memory in gaps between each other than time they save.
            if (s_instances.Value++ == 0) Set(map: 128 * Mebi, trim: int.MaxValue, pad: 64 * Mebi);
        }
    }

    /// <summary>Whether there are thresholds to raise.</summary>
    internal static bool IsSupported => s_library is not null;

    /// <summary>Ends; with the last instance, free memory goes back to the system.</summary>
    public void Dispose()
    {
        lock (s_lock)
        {
            if (isDisposed) return;
            isDisposed = true;
            if (--s_instances.Value > 0) return;
            Set(map: 32 * Mebi, trim: 64 * Mebi, pad: 128 * Kibi);
            s_library?.Trim(0);
        }
    }

    static void Set(int map, int trim, int pad)
    {
        s_library?.Set(MapThreshold, map);
        s_library?.Set(TrimThreshold, trim);
        // Heaps of threads other than the first are given back whole unless this much is wanted beyond what is in use.
        s_library?.Set(Pad, pad);
    }

    static (Func<int, int, int>, Func<nuint, int>)? Find()
    {
        if (!OperatingSystem.IsLinux() || IsSetFromOutside || !NativeLibrary.TryLoad("libc.so.6", out var library)) return null;
        // Other C libraries have no version of their own to tell.
        return NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out _) && NativeLibrary.TryGetExport(library, "mallopt", out var set) && NativeLibrary.TryGetExport(library, "malloc_trim", out var trim)
            ? (Marshal.GetDelegateForFunctionPointer<SetOption>(set).Invoke, Marshal.GetDelegateForFunctionPointer<TrimHeap>(trim).Invoke)
            : null;
    }

    static bool IsSetFromOutside =>
        s_variables.Any(name => Environment.GetEnvironmentVariable(name) is not null) || Environment.GetEnvironmentVariable("GLIBC_TUNABLES")?.Contains("glibc.malloc.", StringComparison.Ordinal) == true;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int SetOption(int option, int value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int TrimHeap(nuint pad);
}
