using System.CommandLine;
using System.Reflection;
using MLPipelines.Components;
using MLPipelines.Host.Commands;
using MLPipelines.Host.Plugins;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Terminals;
using MLPipelines.Host.Training;

namespace MLPipelines.Host;

/// <summary>The command line tool: parses, runs one command, and turns every failure into one message and an exit code.</summary>
internal static class Tool
{
    internal const int Success = 0;
    internal const int Failure = 1;
    internal const int BadInput = 2;

    private const int BrokenPipe = 32;

    internal static int Run(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        try
        {
            args = TrainTasks.Complete(args);
            var parsed = CreateRoot(terminal, args).Parse(args);
            terminal.Quiet = parsed.GetValue<bool>("--quiet");
            terminal.Verbose = parsed.GetValue<bool>("--verbose");
            FailOnUsageErrors(parsed);
            foreach (var problem in PluginOption.Load(parsed))
            {
                terminal.Warn(problem);
            }

            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Output,
                Error = terminal.Error,
            };
            var code = parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
            // Results that cannot be written are a failure, which only shows when they leave the buffer.
            terminal.Output.Flush();
            return code;
        }
        catch (Exception error)
        {
            return Report(Unwrap(error), terminal);
        }
        finally
        {
            FlushOutput(terminal);
        }
    }

    /// <summary>The commands.</summary>
    /// <param name="terminal">Where they read and write.</param>
    /// <param name="args">The command line, for which the flags of commands that it does not name are left out; null for all flags.</param>
    internal static RootCommand CreateRoot(Terminal terminal, IEnumerable<string>? args = null)
    {
        var root = new RootCommand("Train, evaluate and run encoder models for ML.NET.")
        {
            new Option<bool>("--quiet", "-q") { Description = "Say nothing but results, warnings and errors.", Recursive = true },
            new Option<bool>("--verbose") { Description = "Show stack traces of failures.", Recursive = true },
            PluginOption.Create(),
        };
        var commands = Assembly.GetExecutingAssembly().GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IToolCommand)) && type is { IsAbstract: false, IsInterface: false })
            .Select(type => ((IToolCommand)Activator.CreateInstance(type)!).Create(terminal));
        foreach (var command in commands.OrderBy(command => command.Name, StringComparer.Ordinal))
        {
            root.Add(command);
        }

        DeferredCommand.DeclareBelow(root, args);
        return root;
    }

    private static void FailOnUsageErrors(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0 || parsed.Action is System.CommandLine.Help.HelpAction or System.CommandLine.Invocation.SynchronousCommandLineAction { Terminating: true } and not System.CommandLine.Invocation.ParseErrorAction)
        {
            return;
        }

        var command = parsed.CommandResult.Command;
        var help = $" See: {Path(parsed)} --help";
        if (parsed.UnmatchedTokens.Count > 0)
        {
            var token = parsed.UnmatchedTokens[0];
            var isOption = token.StartsWith('-');
            var known = isOption
                ? command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))
                : command.Subcommands.Select(child => child.Name);
            var nearest = Names.Nearest(token, known);
            throw new UsageException($"unknown {(isOption ? "option" : "argument")} {token}." + (nearest is null ? help : $" Did you mean {nearest}?"));
        }

        throw new UsageException(parsed.Errors[0].Message + help);
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command is RootCommand ? "mlp" : result.Command.Name);
        }

        return string.Join(' ', names);
    }

    // Reflection, tasks and type initializers wrap the failure that matters; ML.NET wraps what is wrong with data.
    private static Exception Unwrap(Exception error) =>
        Chain(error).FirstOrDefault(cause => cause is UsageException or DataFormatException) is { } known ? known
        : error is TargetInvocationException or AggregateException or TypeInitializationException && error.InnerException is { } inner ? Unwrap(inner) : error;

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }

    private static int Report(Exception error, Terminal terminal)
    {
        if (error is IOException { HResult: BrokenPipe })
        {
            // The reader of our output went away, as `head` does.
            return Failure;
        }

        var (code, message) = error switch
        {
            UsageException or DataFormatException => (BadInput, error.Message),
            // Messages with a code are written for users; the same exceptions without one are failures of ours.
            ArgumentException or InvalidDataException when error.Message.StartsWith("MLP", StringComparison.Ordinal) => (BadInput, error.Message),
            // ML.NET says only in the innermost message what is wrong with a table.
            FormatException when error.GetBaseException() is EndOfStreamException { Message: var end } && end.StartsWith("A quoted field", StringComparison.Ordinal) => (BadInput, $"{end} (ML.NET counts records, from 0)"),
            OperationCanceledException => (Failure, "stopped."),
            DllNotFoundException => (Failure, error.Message + " Run: mlp doctor"),
            _ => (Failure, error.Message),
        };
        var hint = code == Failure && !terminal.Verbose && error is not OperationCanceledException ? " (--verbose shows where it failed.)" : "";
        terminal.Error.WriteLine($"error: {message.Trim()}{hint}");
        if (terminal.Verbose)
        {
            terminal.Error.WriteLine(error);
        }

        return code;
    }

    private static void FlushOutput(Terminal terminal)
    {
        try
        {
            terminal.Output.Flush();
        }
        catch (IOException)
        {
            // It was reported already.
        }
    }
}
