using MLPipelines.Host;
using MLPipelines.Host.Terminals;

using var output = Console.OpenStandardOutput();
using var input = Console.OpenStandardInput();
var terminal = new Terminal(input, output, Console.Error, errorIsTerminal: !Console.IsErrorRedirected, outputIsTerminal: !Console.IsOutputRedirected);

// The first Ctrl-C asks the command to finish early, the second ends the process.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
return Tool.Run(args, terminal, stop.Token);
