using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Tests;

/// <summary>One run of the tool inside the test process.</summary>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    internal IReadOnlyList<JsonNode> OutputLines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    internal static ToolRun Of(params string[] args) => Of(args, "");

    internal static ToolRun Of(string[] args, string input, TextWriter? error = null, CancellationToken cancellation = default)
    {
        using var output = new MemoryStream();
        using var source = new MemoryStream(Encoding.UTF8.GetBytes(input));
        error ??= new StringWriter();
        var code = Tool.Run(args, new Terminal(source, output, error, errorIsTerminal: false, outputIsTerminal: false), cancellation);
        return new ToolRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString()!);
    }

    /// <summary>A run in a process of its own, for what happens when a process ends.</summary>
    internal static async Task<ToolRun> OfProcess(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Repository.OutputOf("MLPipelines.Host"), "mlp.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await process.WaitForExitAsync(limit.Token);
        return new ToolRun(process.ExitCode, await output, await error);
    }

    /// <summary>Checks that the run failed as a user should see it: the code, one message that contains the given words, no stack trace.</summary>
    internal void FailedWith(int code, params string[] words)
    {
        Assert.True(Code == code, $"exit code {Code}, expected {code}: {Error}");
        Assert.Single(Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, Error, StringComparison.OrdinalIgnoreCase));
    }

    internal ToolRun Succeeded()
    {
        Assert.True(Code == Tool.Success, $"exit code {Code}: {Error}");
        return this;
    }
}
