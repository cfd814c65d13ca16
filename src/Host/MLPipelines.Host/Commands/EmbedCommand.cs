using System.CommandLine;
using MLPipelines.Embeddings;
using MLPipelines.Host.Models;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp embed</c>: a text in each line in, the same line with its vector out.</summary>
internal sealed class EmbedCommand : IToolCommand
{
    private const string Help =
        """
        Add a "vector" to each text, in order, every input field kept; an input field "vector" becomes "input_vector". Texts come as JSON lines, plain lines, TSV or CSV.
        The encoder is a checkpoint directory (config.json, vocab.txt, weights), a saved model that ends in a vector, or, with --vocab and --size, one with random weights.
        Example: mlp embed chinese-roformer --in texts.txt --out vectors.jsonl --pooling first-last-average --save embedder.zip
        """;

    public Command Create(Terminal terminal) => new DeferredCommand("embed", Help, command => Declare(command, terminal));

    private static void Declare(Command command, Terminal terminal)
    {
        var source = new Argument<string?>("CHECKPOINT-DIR|MODEL.zip") { Description = "The encoder; left out for random weights.", Arity = ArgumentArity.ZeroOrOne };
        var (input, output, strict) = (RowStream.Input("The texts; - is standard input."), RowStream.Output(), RowStream.Strict());
        var format = RowStream.Format();
        var column = new Option<string?>("--text-column") { Description = "The field or column with the text; a number, from 0, for a table without a header [default: text]", HelpName = "NAME" };
        var save = new Option<string?>("--save") { Description = "Save the model that makes the vectors, for `mlp embed` and mlContext.Model.Load; without --in and --out that is all.", HelpName = "MODEL.zip" };
        var seed = CommonOptions.Seed();
        var threads = CommonOptions.Threads();
        var settings = new SettingFlags(new SettingTable(new SentenceEmbeddingEstimator.Options()));
        command.Add(source);
        Array.ForEach<Option>([input, output, save, format, column, strict, seed, threads], command.Add);
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            var given = settings.Read(parsed);
            var options = (SentenceEmbeddingEstimator.Options)settings.Table.Create(given);
            var onlySaves = parsed.GetValue(save) is not null && parsed.GetResult(input) is null or { Implicit: true } && parsed.GetResult(output) is null or { Implicit: true };
            using var lines = onlySaves ? Stream.Null : RowStream.OpenInput(parsed.GetRequiredValue(input), terminal);
            using var embedding = EmbeddingSource.Open(parsed.GetValue(source), options, [.. given.Keys.Select(setting => setting.Path[^1].Name)], parsed.GetValue(seed));
            terminal.Say($"vectors of {embedding.Size} numbers");
            if (parsed.GetValue(save) is { } path)
            {
                Save(embedding, path, terminal);
            }

            if (!onlySaves)
            {
                var name = parsed.GetRequiredValue(input);
                var rows = RowStream.Checked(TextRows.Read(lines, name, parsed.GetValue(format), parsed.GetValue(column)), name, parsed.GetValue(strict), "a line with a text");
                RowStream.Write(VectorRows.Run(embedding, rows), parsed.GetRequiredValue(output), terminal, lines);
            }

            return Tool.Success;
        });
    }

    private static void Save(EmbeddingSource embedding, string path, Terminal terminal)
    {
        using var file = new OutputFile(path);
        embedding.Context.Model.Save(embedding.Transformer, RowScoring.Load(embedding.Context, embedding.TextColumn, []).Schema, file.Stream);
        file.Commit();
        terminal.Say($"saved {path}");
    }
}
