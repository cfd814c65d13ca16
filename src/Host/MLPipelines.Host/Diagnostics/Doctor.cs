using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Host.Diagnostics;

/// <summary>Looks at everything outside the program that decides whether it works and how fast it is.</summary>
internal static class Doctor
{
    internal static IEnumerable<Finding> Examine()
    {
        yield return new("runtime", $"ML.NET {Describe(typeof(MLContext).Assembly)}; TorchSharp {Describe(typeof(torch).Assembly)}; .NET {Environment.Version}");
        yield return new("processor", Processor.Description);

        // The library has to be loaded before anything can be said about it.
        var product = LoadLibtorch();
        yield return product;
        if (product.Advice is null)
        {
            yield return Libtorch();
            yield return Blas();
            yield return Threads();
            yield return Cuda();
        }

        yield return CoreType();
    }

    /// <summary>Whether the embedded runtime stands in for ML.NET's packages.</summary>
    internal static bool RunsEmbedded => IsEmbedded(typeof(MLContext).Assembly);

    /// <summary>Advice about <c>OPENBLAS_CORETYPE</c>, or null: OpenBLAS obeys it even where the processor can do better.</summary>
    internal static string? CoreTypeAdvice(string? coreType) =>
        Processor.HasAvx512 && coreType is not null && !coreType.Equals("SkylakeX", StringComparison.OrdinalIgnoreCase) && !coreType.Equals("Cooperlake", StringComparison.OrdinalIgnoreCase) && !coreType.Equals("SapphireRapids", StringComparison.OrdinalIgnoreCase)
            ? "OpenBLAS does not use AVX-512 because of this variable, which costs up to half the speed. Run: unset OPENBLAS_CORETYPE"
            : null;

    private static Finding LoadLibtorch()
    {
        try
        {
            using var _ = NewDisposeScope();
            return new("matrix product", $"{Speed(float32):0.#} GFLOP/s float32, {Speed(bfloat16):0.#} GFLOP/s bfloat16 ({get_num_threads()} threads)");
        }
        catch (Exception error)
        {
            return new("matrix product", error.GetBaseException().Message, "libtorch could not be loaded or used. From source run: eng/setup.sh. In an app reference TorchSharp-cpu (or another libtorch package).");
        }
    }

    /// <summary>The speed of large products; of small ones where they are slow already, as in a type that the processor has no instructions for: a large one would take seconds.</summary>
    private static double Speed(ScalarType type) => Speed(type, size: 256, milliseconds: 20) is var speed and < 2 ? speed : Speed(type, size: 1024, milliseconds: 200);

    private static double Speed(ScalarType type, int size, int milliseconds)
    {
        using var left = ones(size, size, dtype: type);
        using var right = ones(size, size, dtype: type);
        using (var warm = left.matmul(right))
        {
        }

        var runs = 0;
        var watch = Stopwatch.StartNew();
        for (; watch.ElapsedMilliseconds < milliseconds; runs++)
        {
            using var product = left.matmul(right);
        }

        return 2.0 * size * size * size * runs / watch.Elapsed.TotalSeconds / 1e9;
    }

    private static Finding Libtorch() => new("libtorch", $"{__version__}, {LoadedLibraries.Find("libtorch_cpu", "libtorch.so") ?? "path unknown"}");

    private static Finding Blas()
    {
        var library = LoadedLibraries.Find("openblas", "mkl_rt", "mkl_core") ?? LoadedLibraries.Find("libblas");
        return library switch
        {
            null => new("BLAS", "built into libtorch"),
            _ when library.Contains("openblas", StringComparison.OrdinalIgnoreCase) || library.Contains("mkl", StringComparison.OrdinalIgnoreCase) => new("BLAS", library),
            _ => new("BLAS", $"{library} (the reference BLAS)", "It is 30 to 60 times slower than OpenBLAS. Run: apt-get install libopenblas0-openmp"),
        };
    }

    private static Finding Threads()
    {
        var used = get_num_threads();
        var limit = Environment.GetEnvironmentVariable("OMP_NUM_THREADS");
        var found = string.Create(CultureInfo.InvariantCulture, $"{used} of {Environment.ProcessorCount} processors{(limit is null ? "" : $", OMP_NUM_THREADS={limit}")}");
        return used < Environment.ProcessorCount
            ? new("threads", found, "libtorch uses fewer threads than there are processors. Run: unset OMP_NUM_THREADS")
            : new("threads", found);
    }

    private static Finding Cuda()
    {
        const string driver = "/proc/driver/nvidia/gpus";
        var cards = Directory.Exists(driver) ? Directory.GetDirectories(driver).Length : 0;
        if (cuda.is_available())
        {
            return new("CUDA", $"{cuda.device_count()} device(s)");
        }

        return cards == 0
            ? new("CUDA", "no NVIDIA GPU")
            : new("CUDA", $"{cards} NVIDIA GPU(s), but this libtorch has no CUDA or cannot use it", "Training runs on the processor. Use a libtorch with CUDA: see docs/embedded-runtime.md, or reference TorchSharp-cuda-linux.");
    }

    private static Finding CoreType()
    {
        var coreType = Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE");
        return new("OPENBLAS_CORETYPE", coreType ?? "not set", CoreTypeAdvice(coreType));
    }

    private static string Describe(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version?.ToString();
        return $"{version} ({(IsEmbedded(assembly) ? "embedded runtime" : "package")})";
    }

    private static bool IsEmbedded(Assembly assembly) => assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(data => data is { Key: "Runtime", Value: "embedded" });
}
