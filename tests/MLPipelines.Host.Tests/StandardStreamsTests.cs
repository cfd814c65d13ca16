namespace MLPipelines.Host.Tests;

/// <summary>What only a process of its own shows: full disks, readers that go away, signals, pipes instead of files.</summary>
[StartsProcesses]
public sealed class StandardStreamsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-streams-").FullName;
    private readonly string _model;

    public StandardStreamsTests()
    {
        _model = Path.Combine(_folder, "model.zip");
        var train = Path.Combine(_folder, "train.jsonl");
        File.WriteAllLines(train, File.ReadLines(Path.Combine(Repository.Root, "samples/data/train.jsonl")).Take(20));
        Bash($"mlp train ner --train {train} --out {_model} --layers 1 --hidden 16 --heads 2 --head-size 8 --epochs 1 --seed 1 --quiet").GetAwaiter().GetResult().Succeeded();
    }

    private Task<ChildProcess> Bash(string script) => ChildProcess.Run("bash", ["-c", $"mlp() {{ dotnet '{ChildProcess.Tool}' \"$@\"; }}\ncd '{_folder}'\n{script}"]);

    [Theory]
    [InlineData("inspect model.zip --json")]
    [InlineData("config init --task ner")]
    public async Task Results_that_cannot_be_written_are_a_failure(string command)
    {
        var run = await Bash($"mlp {command} > /dev/full");
        Assert.Equal(Tool.Failure, run.Code);
        Assert.Contains("error: No space left on device", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_run()
    {
        var run = await Bash("yes '{\"text\": \"a\"}' | timeout 120 dotnet '" + ChildProcess.Tool + "' predict model.zip | head -1; echo ended with ${PIPESTATUS[1]}");
        Assert.Equal(2, run.Output.Trim().Split('\n').Length);
        Assert.Contains($"ended with {Tool.Failure}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_terminated_leaves_no_half_written_file()
    {
        var run = await Bash(
            """
            mkfifo texts
            mlp predict model.zip --out answers.jsonl < texts &
            exec 9> texts
            for i in {1..600}; do [ -e answers.jsonl.mlp.tmp ] && break; sleep 0.1; done
            ls
            kill -TERM $(pgrep -P $! || echo $!)
            wait $!
            echo ended with $?
            ls
            """);
        Assert.Single(run.Output.Split('\n'), line => line == "answers.jsonl.mlp.tmp");
        Assert.Contains("ended with 143", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_read_out_of_order_or_twice_may_not_be_pipes()
    {
        Assert.Contains("is a pipe", (await Bash("mlp train --config <(echo {})")).Error, StringComparison.Ordinal);
        var run = await Bash("echo a | mlp predict <(cat model.zip)");
        Assert.Equal(Tool.BadInput, run.Code);
        Assert.Contains("is a pipe", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
