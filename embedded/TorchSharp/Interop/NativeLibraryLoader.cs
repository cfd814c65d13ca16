using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Finds the native library, and says what to do where it is missing.</summary>
internal static class NativeLibraryLoader
{
    internal const string Name = "mlpipelines_torch";

    private static int started;

    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Name) return 0;
        var tried = new List<string>();
        foreach (var candidate in Candidates(assembly))
        {
            if (!File.Exists(candidate))
            {
                tried.Add($"{candidate}: not there");
                continue;
            }
            try
            {
                var library = NativeLibrary.Load(candidate);
                UseAllProcessors(library);
                return library;
            }
            catch (DllNotFoundException e)
            {
                tried.Add(e.Message);
            }
        }
        // From a package: where the application was told that native libraries are.
        if (NativeLibrary.TryLoad(Name, assembly, searchPath, out var packaged))
        {
            UseAllProcessors(packaged);
            return packaged;
        }
        throw new DllNotFoundException(
            $"The native library of the embedded TorchSharp could not be loaded. Build it with eng/build-native.sh, or name its file in "
            + $"MLPIPELINES_TORCH_LIBRARY.{string.Concat(tried.Select(line => $"{Environment.NewLine}  {line}"))}");
    }

    // Once: the runtime asks for the library again at the first call of every function, when the number may have been changed.
    // Debian's libtorch starts with one thread; the one that TorchSharp is published with starts with one for each processor.
    private static unsafe void UseAllProcessors(nint library)
    {
        if (Interlocked.Exchange(ref started, 1) != 0) return;
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 }) return;
        ((delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, "mlp_set_threads"))(Environment.ProcessorCount);
    }

    private static IEnumerable<string> Candidates(Assembly assembly)
    {
        var file = $"lib{Name}.so";
        if (Environment.GetEnvironmentVariable("MLPIPELINES_TORCH_LIBRARY") is { Length: > 0 } named) yield return named;
        yield return Path.Combine(AppContext.BaseDirectory, file);
        // Empty for an assembly inside a single-file application.
#pragma warning disable IL3000
        var folder = Path.GetDirectoryName(assembly.Location);
#pragma warning restore IL3000
        if (!string.IsNullOrEmpty(folder) && Path.GetFullPath(folder) != Path.GetFullPath(AppContext.BaseDirectory).TrimEnd('/'))
            yield return Path.Combine(folder, file);
    }
}
