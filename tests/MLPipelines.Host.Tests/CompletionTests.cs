namespace MLPipelines.Host.Tests;

/// <summary>The script of <c>mlp completion bash</c> at work in bash, which asks it as its readline does.</summary>
[StartsProcesses]
public sealed class CompletionTests : IDisposable
{
    // Every argument is a line with the cursor at its end; the answer is the line, a colon and the words that bash would offer.
    private const string Script =
        """
        eval "$(mlp completion bash)"
        [[ "$(complete -p mlp)" == 'complete -o default -F _mlp_completion mlp' ]] || exit 3
        for COMP_LINE in "$@"; do
            COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<< "$COMP_LINE"
            if [[ "$COMP_LINE" == *' ' ]]; then COMP_WORDS+=(''); fi
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _mlp_completion "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            echo "$COMP_LINE:${COMPREPLY[*]}"
        done

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-completion-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Bash_offers_commands_options_and_values()
    {
        var (tool, script) = (Path.Combine(_folder, "mlp"), Path.Combine(_folder, "ask.sh"));
        await File.WriteAllTextAsync(tool, $"#!/bin/sh\nexec dotnet '{ChildProcess.Tool}' \"$@\"\n");
        (await ChildProcess.Run("chmod", ["+x", tool])).Succeeded();
        await File.WriteAllTextAsync(script, Script);
        string[] lines = ["mlp ev", "mlp train n", "mlp  train ner --epo", "mlp train ner --train 数据.jsonl --archi", "mlp train ner --size ", "mlp config init --task c", $"{tool} completion z", "mlp evaluate no-such-f", "mlp "];
        var run = await ChildProcess.Run("bash", ["--norc", script, .. lines], environment: new Dictionary<string, string> { ["PATH"] = _folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH") });

        var answers = run.Succeeded().Output.TrimEnd('\n').Split('\n').Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]).ToList();
        Assert.Equal(["evaluate", "ner", "--epochs", "--architecture"], answers[..4]);
        Assert.All((string[])["tiny", "small", "base"], size => Assert.Contains(size, answers[4].Split(' ')));
        Assert.Equal(["classification", "zsh", ""], answers[5..8]);
        Assert.All((string[])["train", "predict", "completion", "--help"], word => Assert.Contains(word, answers[8].Split(' ')));
        Assert.DoesNotContain(answers[8].Split(' '), word => word.StartsWith('/') || word == "-?");
        Assert.Empty(run.Error);
    }
}
