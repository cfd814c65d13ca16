using System.CommandLine;
using System.Diagnostics;
using System.Text;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Megabytes of UTF-8 text a second through the tokenizer of a vocabulary, one thread.</summary>
internal static class TokenizerThroughput
{
    internal static Command Command()
    {
        var vocabulary = new Option<string>("--vocab") { Required = true };
        var text = new Option<string>("--text") { Required = true, Description = "A text file; each line is one text." };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 5 };
        var command = new Command("tokenizer", "Throughput of the tokenizer.") { vocabulary, text, seconds };
        command.SetAction(parsed =>
        {
            var tokenizer = TextTokenizers.FromFile(parsed.GetRequiredValue(vocabulary));
            var lines = File.ReadAllLines(parsed.GetRequiredValue(text));
            var bytes = lines.Sum(line => (long)Encoding.UTF8.GetByteCount(line));
            WarmUp(parsed.GetRequiredValue(vocabulary), lines);
            var watch = Stopwatch.StartNew();
            var tokens = lines.Sum(line => (long)tokenizer.Tokenize(line).Count);
            var first = 1 / watch.Elapsed.TotalSeconds;
            var passes = Measure.Steps(() => Array.ForEach(lines, line => tokenizer.Tokenize(line)), parsed.GetValue(seconds), CPU).PerProcessorSecond;
            Measure.Print(new
            {
                program = "MLPipelines tokenizer", tokenizer = tokenizer.GetType().Name, lines = lines.Length, megabytes_per_second = Math.Round(bytes * passes / 1e6, 2), tokens_per_second = Math.Round(tokens * passes),
                megabytes_per_second_first_pass = Math.Round(bytes * first / 1e6, 2),
            });
        });
        return command;
    }
    /// <summary>Has the code compiled, with a tokenizer that is thrown away: the first pass is about the text, not about the compiler.</summary>
    private static void WarmUp(string vocabulary, string[] lines)
    {
        var tokenizer = TextTokenizers.FromFile(vocabulary);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < 1)
        {
            Array.ForEach(lines[..Math.Min(lines.Length, 100)], line => tokenizer.Tokenize(line));
        }
    }
}
