namespace MLPipelines.Host.Tests.Terminals;

/// <summary>Training as a person sees it: on a pseudo terminal, whose screen is looked at after every frame.</summary>
[StartsProcesses]
public sealed class LiveViewTests : IDisposable
{
    private const int Epochs = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-live-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(60, true)]
    [InlineData(80, true)]
    [InlineData(200, true)]
    [InlineData(60, false)]
    [Trait("Category", "Slow")]
    public async Task Bar_stands_on_a_line_of_its_own_and_leaves_nothing_behind(int columns, bool outputIsTerminal)
    {
        await File.WriteAllLinesAsync(Path.Combine(_folder, "train.jsonl"), File.ReadLines(Path.Combine(Repository.Root, "samples/data/train.jsonl")).Take(80));
        var command = $"stty cols {columns} rows 50; dotnet '{ChildProcess.Tool}' train ner --train train.jsonl --valid train.jsonl --out m.zip --layers 1 --hidden 32 --heads 2 --epochs {Epochs} --batch 4 --threads 1"
            + (outputIsTerminal ? "" : " >table.txt");
        var run = (await ChildProcess.Run("script", ["-qec", command, "/dev/null"], _folder, new Dictionary<string, string> { ["TERM"] = "xterm", ["LANG"] = "C.UTF-8", ["SHELL"] = "/bin/sh" })).Succeeded();

        var screen = new Screen(columns);
        var bars = new List<string>();
        screen.Write(run.Output, () =>
        {
            if (screen.Lines.SingleOrDefault(line => line.Contains('━', StringComparison.Ordinal) || line.Contains('╌', StringComparison.Ordinal)) is { } bar)
            {
                Assert.Matches(@"^━*╌* +[0-9]+%$", bar);
                Assert.InRange(bar.Length, 50, columns - 1);
                Assert.Equal(bar, screen.CursorLine);
                Assert.Single(screen.Lines, line => line.StartsWith("epoch ", StringComparison.Ordinal) && line.Contains(" left", StringComparison.Ordinal) && !line.Contains("done", StringComparison.Ordinal));
                bars.Add(bar);
            }
        });
        Assert.True(bars.Distinct().Count() > Epochs, $"{bars.Count} frames");

        // What is left is what a log would have, nothing of the frames.
        var left = screen.Lines.Where(line => line.Length > 0).ToList();
        Assert.Contains(left, line => line.StartsWith("training on train.jsonl", StringComparison.Ordinal));
        Assert.Equal(Epochs, left.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal) && line.Contains(" done", StringComparison.Ordinal)));
        Assert.DoesNotContain(left, line => line.Contains('╌', StringComparison.Ordinal) || line.Contains("preparing", StringComparison.Ordinal) || (line.Contains(" step ", StringComparison.Ordinal)));
        Assert.Contains(left, line => line.StartsWith("saved m.zip", StringComparison.Ordinal));
        Assert.Contains("organization", outputIsTerminal ? string.Join('\n', left) : await File.ReadAllTextAsync(Path.Combine(_folder, "table.txt")), StringComparison.Ordinal);
    }
}
