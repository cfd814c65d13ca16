using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary>Rows in and rows out, for commands that answer each input line with one output line.</summary>
internal static class RowStream
{
    internal static Option<string> Input(string description) => new("--in") { Description = description, HelpName = "FILE|-", DefaultValueFactory = _ => "-" };

    internal static Option<string> Output() => new("--out") { Description = "Where the lines go; - is standard output.", HelpName = "FILE|-", DefaultValueFactory = _ => "-" };

    internal static Option<TextFormat> Format() => new("--format")
    {
        Description = "How lines hold texts; auto goes by the file's extension, or by the first line.",
        HelpName = "auto|jsonlines|text|tsv|csv",
        DefaultValueFactory = _ => TextFormat.Auto,
    };

    internal static Option<bool> Strict() => new("--strict") { Description = "Stop at the first bad line instead of giving it an \"error\" field." };

    internal static Stream OpenInput(string path, Terminal terminal)
    {
        if (path != "-")
        {
            return InputFile.Open(path, "the input");
        }

        if (terminal.InputIsTerminal)
        {
            terminal.Say("reading texts, or JSON lines such as {\"text\": \"…\"}, from the keyboard; end with Ctrl-D");
        }

        return terminal.Input;
    }

    /// <summary>The rows; when strict, the first bad one is an error.</summary>
    internal static IEnumerable<InputRow> Checked(IEnumerable<InputRow> rows, string name, bool isStrict, string expected) => isStrict
        ? rows.Select(row => row.Error is null ? row : throw new UsageException($"{name}, {row.Error}. Expected {expected}; without --strict the line gets an \"error\" field."))
        : rows;

    /// <summary>Writes the lines as they come, to the terminal or to a file that appears when it is complete, and says how many there were.</summary>
    /// <param name="results">The lines.</param>
    /// <param name="path">The file, or -.</param>
    /// <param name="terminal">Where results and remarks go.</param>
    /// <param name="source">The input, whose position tells how long it will still take.</param>
    internal static void Write(IEnumerable<JsonObject> results, string path, Terminal terminal, Stream source)
    {
        if (path == "-")
        {
            WriteLines(results, terminal.Output, terminal, source);
            return;
        }

        using var file = new OutputFile(path);
        using (var writer = new StreamWriter(file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" })
        {
            WriteLines(results, writer, terminal, source);
        }

        file.Commit();
    }

    private static void WriteLines(IEnumerable<JsonObject> results, TextWriter writer, Terminal terminal, Stream source)
    {
        var progress = new RowProgress(terminal, source, TimeProvider.System, amongResults: writer == terminal.Output && terminal.OutputIsTerminal);
        var (count, bad) = (0L, 0L);
        foreach (var result in results)
        {
            writer.WriteLine(JsonText.Line(result));
            bad += result.ContainsKey("error") ? 1 : 0;
            progress.Report(++count);
        }

        writer.Flush();
        progress.End(count);
        if (bad > 0)
        {
            terminal.Warn($"{bad} of {count} lines were bad; each has an \"error\" field in its place (--strict stops at the first).");
        }
    }
}
