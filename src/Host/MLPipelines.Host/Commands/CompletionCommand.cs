using System.CommandLine;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp completion SHELL</c>: the script with which a shell completes commands and options, by asking the tool what could stand at the cursor.</summary>
internal sealed class CompletionCommand : IToolCommand
{
    // The tool gets the line without its own name, up to the cursor. What is no name of ours is a file's: -o default completes those.
    private const string Bash =
        """
        # Completion of mlp in bash. In ~/.bashrc: eval "$(mlp completion bash)"
        _mlp_completion() {
            local line="${COMP_LINE:0:COMP_POINT}" found
            line="${line#"${COMP_WORDS[0]}"}"
            line="${line#"${line%%[![:space:]]*}"}"
            COMPREPLY=()
            while IFS= read -r found; do
                if [[ "$found" == "$2"* && "$found" != /* && "$found" != '-?' ]]; then COMPREPLY+=("$found"); fi
            done < <("${1/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _mlp_completion mlp

        """;

    private const string Zsh =
        """
        # Completion of mlp in zsh. In ~/.zshrc, after compinit: eval "$(mlp completion zsh)"
        _mlp() {
            local line="${(j: :)words[2,CURRENT-1]}" found
            line="${line:+$line }$PREFIX"
            local -a names
            for found in "${(@f)$("${words[1]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)}"; do
                [[ "$found" == "$PREFIX"* && "$found" != /* && "$found" != '-?' && -n "$found" ]] && names+=("$found")
            done
            if (( $#names )); then compadd -- "${names[@]}"; else _files; fi
        }
        compdef _mlp mlp

        """;

    public Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new Command("completion", "Print the script that completes commands and options in a shell; for bash: eval \"$(mlp completion bash)\" in ~/.bashrc. Example: mlp completion bash") { shell };
        command.SetAction(parsed =>
        {
            terminal.Output.Write(parsed.GetRequiredValue(shell) == "zsh" ? Zsh : Bash);
            return Tool.Success;
        });
        return command;
    }
}
