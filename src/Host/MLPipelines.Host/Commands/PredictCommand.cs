using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MLPipelines.Host.Models;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp predict</c>: a JSON line in, the same line with predictions out.</summary>
internal sealed class PredictCommand : IToolCommand
{
    private const int LinesBetweenChecks = 256;

    public Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var input = new Option<string>("--in") { Description = "JSON lines with a field \"text\"; - is standard input.", HelpName = "FILE|-", DefaultValueFactory = _ => "-" };
        var output = new Option<string>("--out") { Description = "Where the lines go; - is standard output.", HelpName = "FILE|-", DefaultValueFactory = _ => "-" };
        var strict = new Option<bool>("--strict") { Description = "Stop at the first bad line instead of giving it an \"error\" field." };
        var (offsets, threads) = (CommonOptions.Offsets(), CommonOptions.Threads());
        var command = new Command(
            "predict",
            "Add predictions to JSON lines, in order, every input field kept; an input field \"entities\" becomes \"gold_entities\". Example: mlp predict model.zip --in texts.jsonl --out entities.jsonl")
        {
            model, input, output, strict, offsets, threads,
        };
        command.SetAction(parsed =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            using var source = OpenInput(parsed.GetRequiredValue(input), terminal);
            using var loaded = LoadedModel.Open(parsed.GetRequiredValue(model));
            var rows = Rows(source, parsed.GetValue(strict) ? parsed.GetRequiredValue(input) : null);
            var results = loaded.Task.Predict(loaded, rows, CommonOptions.ReadOffsets(parsed, offsets));
            Write(results, parsed.GetRequiredValue(output), terminal);
            return Tool.Success;
        });
        return command;
    }

    private static Stream OpenInput(string path, Terminal terminal)
    {
        if (path != "-")
        {
            return InputFile.Open(path, "the input");
        }

        if (terminal.InputIsTerminal)
        {
            terminal.Say("reading JSON lines such as {\"text\": \"…\"} from the keyboard; end with Ctrl-D");
        }

        return terminal.Input;
    }

    private static IEnumerable<InputRow> Rows(Stream source, string? strictName) =>
        InputRow.ReadAll(source).Select(row => row.Error is null || strictName is null
            ? row
            : throw new UsageException($"{strictName}, {row.Error}. Expected a JSON object such as {{\"text\": \"…\"}}; without --strict the line gets an \"error\" field."));

    private static void Write(IEnumerable<JsonObject> results, string path, Terminal terminal)
    {
        if (path == "-")
        {
            WriteLines(results, terminal.Output, terminal);
            return;
        }

        using var file = new OutputFile(path);
        using (var writer = new StreamWriter(file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" })
        {
            WriteLines(results, writer, terminal);
        }

        file.Commit();
    }

    private static void WriteLines(IEnumerable<JsonObject> results, TextWriter writer, Terminal terminal)
    {
        var watch = Stopwatch.StartNew();
        var (count, bad, said) = (0L, 0L, watch.Elapsed);
        foreach (var result in results)
        {
            writer.WriteLine(JsonText.Line(result));
            bad += result.ContainsKey("error") ? 1 : 0;
            if (++count % LinesBetweenChecks == 0 && watch.Elapsed - said > TimeSpan.FromSeconds(10))
            {
                said = watch.Elapsed;
                terminal.Say(Rate(count, watch.Elapsed));
            }
        }

        writer.Flush();
        terminal.Say(Rate(count, watch.Elapsed));
        if (bad > 0)
        {
            terminal.Warn($"{bad} of {count} lines were bad; each has an \"error\" field in its place (--strict stops at the first).");
        }
    }

    private static string Rate(long count, TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} rows, {count / Math.Max(elapsed.TotalSeconds, 1e-3):0} rows/s");
}
