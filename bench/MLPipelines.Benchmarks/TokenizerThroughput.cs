using System.CommandLine;
using System.Text;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Megabytes of UTF-8 text a second through the WordPiece tokenizer, one thread.</summary>
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
            var tokenizer = WordPieceTextTokenizer.FromFile(parsed.GetRequiredValue(vocabulary));
            var lines = File.ReadAllLines(parsed.GetRequiredValue(text));
            var bytes = lines.Sum(line => (long)Encoding.UTF8.GetByteCount(line));
            var tokens = lines.Sum(line => (long)tokenizer.Tokenize(line).Count);
            var passes = Measure.StepsPerSecond(() => Array.ForEach(lines, line => tokenizer.Tokenize(line)), parsed.GetValue(seconds), CPU);
            Measure.Print(new { program = "MLPipelines tokenizer", megabytes_per_second = Math.Round(bytes * passes / 1e6, 2), tokens_per_second = Math.Round(tokens * passes), lines = lines.Length });
        });
        return command;
    }
}
