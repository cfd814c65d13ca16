using System.Diagnostics;

namespace MLPipelines.Host.Tests;

/// <summary>A program that a test starts in a process of its own.</summary>
internal sealed record ChildProcess(string Command, int Code, string Output, string Error)
{
    /// <summary>The tool as it was built.</summary>
    internal static string Tool { get; } = Path.Combine(Repository.OutputOf("MLPipelines.Host"), "mlp.dll");

    internal static Task<ChildProcess> RunTool(params string[] args) => Run("dotnet", [Tool, .. args]);

    internal static Task<ChildProcess> RunSample(string name, params string[] args) => Run("dotnet", [Path.Combine(Repository.OutputOf(name), name + ".dll"), .. args]);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">The program.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="folder">Its folder; null for that of the tests.</param>
    /// <param name="environment">Variables beside those of the tests.</param>
    /// <param name="kill">After which time it is killed, so that no handler of it runs; null for never.</param>
    internal static async Task<ChildProcess> Run(string program, IEnumerable<string> args, string? folder = null, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? kill = null)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        // As many of these run at a time as there are processors, so one thread each is enough, and none spins.
        (start.Environment["OMP_NUM_THREADS"], start.Environment["OMP_WAIT_POLICY"]) = ("1", "PASSIVE");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(kill ?? TimeSpan.FromMinutes(10));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            Assert.True(kill is not null, $"{program} did not end:\n{await output}\n{await error}");
        }

        return new ChildProcess($"{program} {string.Join(' ', start.ArgumentList)}", process.ExitCode, await output, await error);
    }

    internal ChildProcess Succeeded()
    {
        Assert.True(Code == 0, $"{Command} ended with {Code}:\n{Output}\n{Error}");
        return this;
    }
}
