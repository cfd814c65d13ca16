using System.CommandLine;
using MLPipelines.Host.Models;
using MLPipelines.Host.Terminals;
using MLPipelines.Trainers.SpanExtraction;
using TorchSharp;

namespace MLPipelines.Host.Commands;

/// <summary>Options that several commands share, so that they read the same everywhere.</summary>
internal static class CommonOptions
{
    internal static Option<bool> Json() => new("--json") { Description = "Print exactly one JSON object on standard output." };

    internal static Option<int?> Threads() => new("--threads") { Description = "Threads for tensor operations [whole number; default: all processors]", HelpName = "whole number" };

    internal static Option<string?> Device() => new("--device") { Description = "Where to compute: auto (a GPU where there is one), cpu, cuda or cuda:N [default: as the model says]", HelpName = "text" };

    internal static Option<string> Offsets()
    {
        var option = new Option<string>("--offsets") { Description = "What offsets in files count.", HelpName = "codepoints|utf16", DefaultValueFactory = _ => "codepoints" };
        return option.AcceptOnlyFromAmong("codepoints", "utf16");
    }

    internal static TextOffsets ReadOffsets(ParseResult parsed, Option<string> option) => parsed.GetValue(option) == "utf16" ? TextOffsets.Utf16 : TextOffsets.CodePoints;

    /// <summary>Metrics as one JSON object, or as a table.</summary>
    internal static void Print(Terminal terminal, Evaluation evaluation, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(JsonText.Line(evaluation.Metrics));
        }
        else
        {
            terminal.OutputConsole.Write(evaluation.Table);
        }
    }

    internal static Argument<string> Model() => new("MODEL.zip") { Description = "A model saved by `mlp train` or by mlContext.Model.Save." };

    /// <summary>libtorch may start with one thread, whatever the machine has.</summary>
    internal static void UseThreads(int? threads)
    {
        if (threads is < 1)
        {
            throw new UsageException($"--threads: found {threads}, expected at least 1.");
        }

        torch.set_num_threads(threads ?? Environment.ProcessorCount);
    }

    /// <summary>The seed of random weights; null where none is given, which means 1.</summary>
    internal static Option<int?> Seed() => new("--seed") { Description = "Draws random weights; of no use to an encoder that has its own [default: 1]", HelpName = "whole number" };
}
