using System.Text;
using Spectre.Console;

namespace MLPipelines.Host.Terminals;

/// <summary>Where a command reads and writes. Results go to <see cref="Output"/>, everything said to a person goes to the error stream.</summary>
internal sealed class Terminal
{
    private readonly Lazy<IAnsiConsole> _outputConsole;

    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="errorIsTerminal">Whether a person watches the error stream, so that lines may be redrawn.</param>
    /// <param name="outputIsTerminal">Whether a person watches the output.</param>
    /// <param name="inputIsTerminal">Whether a person types the input.</param>
    internal Terminal(Stream input, Stream output, TextWriter error, bool errorIsTerminal, bool outputIsTerminal, bool inputIsTerminal = false)
    {
        Input = input;
        OutputStream = output;
        Output = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 14, leaveOpen: true) { NewLine = "\n" };
        Error = error;
        IsInteractive = errorIsTerminal;
        InputIsTerminal = inputIsTerminal;
        OutputIsTerminal = outputIsTerminal;
        // Made when it is needed: most commands draw no table, and looking at what a terminal can do takes a while.
        _outputConsole = new(() => CreateConsole(Output, outputIsTerminal));
    }

    internal Stream Input { get; }

    internal Stream OutputStream { get; }

    internal TextWriter Output { get; }

    internal TextWriter Error { get; }

    /// <summary>Draws tables on standard output.</summary>
    internal IAnsiConsole OutputConsole => _outputConsole.Value;

    /// <summary>Whether lines on the error stream may be redrawn.</summary>
    internal bool IsInteractive { get; }

    /// <summary>The columns of the terminal. Where the output goes elsewhere, .NET does not know how wide the one of the error stream is; this many fit any.</summary>
    internal int Width => OutputIsTerminal && Console.WindowWidth is > 0 and var width ? width : 60;

    /// <summary>Whether results appear where a person watches the error stream too.</summary>
    internal bool OutputIsTerminal { get; }

    internal bool InputIsTerminal { get; }

    internal bool Quiet { get; set; }

    /// <summary>Set by a command that can end early with a useful result; Ctrl-C then asks it to, instead of ending the process.</summary>
    internal bool FinishesEarly { get; set; }

    internal bool Verbose { get; set; }

    /// <summary>Progress and remarks; silent with <c>--quiet</c>.</summary>
    internal void Say(string line)
    {
        if (!Quiet)
        {
            WriteError(line);
        }
    }

    internal void Warn(string line) => WriteError("warning: " + line);

    private void WriteError(string line)
    {
        if (OutputIsTerminal)
        {
            // What was written before is to be read before.
            Output.Flush();
        }

        Error.WriteLine(line);
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal)
    {
        var plain = !isTerminal || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = 160;
        }

        return console;
    }
}
