using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MLPipelines.Host.Diagnostics;

/// <summary>What the processor can do that matters for matrix products.</summary>
internal static class Processor
{
    internal static bool HasAvx512 => Avx512F.IsSupported;

    internal static string Description
    {
        get
        {
            var (model, flags) = Read();
            string?[] abilities =
            [
                Avx2.IsSupported ? "AVX2" : null,
                HasAvx512 ? "AVX-512" : null,
                flags.Contains("avx512_bf16") ? "AVX-512 bfloat16" : null,
                flags.Contains("amx_bf16") ? "AMX bfloat16" : null,
            ];
            var known = string.Join(", ", abilities.OfType<string>());
            return $"{model}, {(known.Length == 0 ? "no vector extension that libtorch uses" : known)}";
        }
    }

    private static (string Model, HashSet<string> Flags) Read()
    {
        const string path = "/proc/cpuinfo";
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return (Value("model name") ?? RuntimeInformation.ProcessArchitecture.ToString(), [.. (Value("flags") ?? "").Split(' ')]);

        string? Value(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
    }
}
