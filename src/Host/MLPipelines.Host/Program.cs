using System.Runtime.InteropServices;
using MLPipelines.Host;
using MLPipelines.Host.Terminals;

using var output = StandardOutput.Open();
using var input = Console.OpenStandardInput();
var terminal = new Terminal(input, output, Console.Error, errorIsTerminal: !Console.IsErrorRedirected, outputIsTerminal: !Console.IsOutputRedirected, inputIsTerminal: !Console.IsInputRedirected);

// The first Ctrl-C asks a command that can finish early to do so; otherwise, and the second time, the process ends, in an orderly way: files that are not complete are removed.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return Tool.Run(args, terminal, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (!terminal.FinishesEarly || stop.IsCancellationRequested)
    {
        const int Signalled = 128;
        Environment.Exit(Signalled + (signal.Signal == PosixSignal.SIGINT ? 2 : 15));
    }

    stop.Cancel();
}
