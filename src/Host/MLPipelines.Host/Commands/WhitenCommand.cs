using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Embeddings;
using MLPipelines.Host.Models;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Terminals;
using MLPipelines.Trainers.Files;
using MLPipelines.Whitening;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp whiten</c>: finds the whitening under which an encoder's vectors tell similar sentences best, and saves encoder and whitening as one model.</summary>
internal sealed class WhitenCommand : IToolCommand
{
    private const string Help =
        """
        Whiten the vectors of an encoder: try beta, gamma and k on scored sentence pairs, print Spearman's correlation of each, draw a heat map, and save the encoder with the best whitening.
        The encoder is a checkpoint directory, a saved model that ends in a vector, or, with --vocab and --size, one with random weights. Pairs are JSON lines {"text1", "text2", "score"}, or a
        TSV or CSV with such columns; mean and covariance come from them and from the sentences of --corpus.
        Example: mlp whiten chinese-roformer --pairs dev.tsv --corpus sentences.txt --out similarity.zip
        """;

    public Command Create(Terminal terminal) => new DeferredCommand("whiten", Help, command => Declare(command, terminal));

    private static void Declare(Command command, Terminal terminal)
    {
        var source = new Argument<string?>("CHECKPOINT-DIR|MODEL.zip") { Description = "The encoder; left out for random weights.", Arity = ArgumentArity.ZeroOrOne };
        var pairs = new Option<string>("--pairs") { Description = "Scored sentence pairs.", HelpName = "FILE", Required = true };
        var corpus = new Option<string?>("--corpus") { Description = "Further sentences for mean and covariance, without scores: lines, JSON lines, TSV or CSV.", HelpName = "FILE" };
        var limit = new Option<int?>("--corpus-rows") { Description = "Take only so many sentences of the corpus, the first ones [whole number; default: all]", HelpName = "whole number" };
        var output = new Option<string>("--out") { Description = "Where the model goes.", HelpName = "MODEL.zip", Required = true };
        var picture = new Option<string?>("--heatmap") { Description = "Where the heat map goes [default: beside the model]", HelpName = "FILE.svg" };
        var drop = new Option<string?>("--drop") { Description = "Leave pairs out in which a sentence is exactly this, as NS (not translated) in PAWS-X.", HelpName = "TEXT" };
        var columns = new Option<string?>[]
        {
            new("--text-column") { Description = "The column of the first sentence [default: text1 or sentence1]", HelpName = "NAME" },
            new("--second-text-column") { Description = "The column of the second sentence [default: text2 or sentence2]", HelpName = "NAME" },
            new("--label-column") { Description = "The column of the score [default: score or label]", HelpName = "NAME" },
        };
        var grid = new Option<string?>[]
        {
            new("--betas") { Description = "Values of beta, from 0 to 1 [default 0,0.25,0.5,0.75,1]", HelpName = "NUMBERS" },
            new("--gammas") { Description = "Values of gamma, from 0 to 1 [default 0,0.25,0.5,0.75,1]", HelpName = "NUMBERS" },
            new("--dimensions") { Description = "Values of k [default: all, a half, a quarter and an eighth of the encoder's]", HelpName = "NUMBERS" },
        };
        var seed = CommonOptions.Seed();
        var (json, threads) = (CommonOptions.Json(), CommonOptions.Threads());
        var settings = new SettingFlags(new SettingTable(new SentenceEmbeddingEstimator.Options()));
        command.Add(source);
        Array.ForEach<Option>([pairs, corpus, limit, output, picture, drop, .. columns, .. grid, json, seed, threads], command.Add);
        settings.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            var given = settings.Read(parsed);
            var options = new WhiteningSearch.Options { CancellationToken = cancellation };
            options = options with
            {
                Betas = Numbers(parsed, grid[0], double.Parse, beta => beta is >= 0 and <= 1, "from 0 to 1") ?? options.Betas,
                Gammas = Numbers(parsed, grid[1], double.Parse, gamma => gamma is >= 0 and <= 1, "from 0 to 1") ?? options.Gammas,
                Dimensions = Numbers(parsed, grid[2], int.Parse, k => k >= 1, "of at least 1") ?? options.Dimensions,
            };
            var format = new LabeledTextFormat { TextColumn = parsed.GetValue(columns[0]), SecondTextColumn = parsed.GetValue(columns[1]), LabelColumn = parsed.GetValue(columns[2]), Drop = parsed.GetValue(drop) };
            var files = new Files(parsed.GetRequiredValue(pairs), parsed.GetValue(corpus), parsed.GetValue(limit), parsed.GetRequiredValue(output), parsed.GetValue(picture));
            if (files.Limit < 1)
            {
                throw new UsageException($"{limit.Name}: found {files.Limit}, expected a whole number of at least 1.");
            }

            if (Path.GetFullPath(files.Out) == Path.GetFullPath(files.Picture))
            {
                throw new UsageException($"{output.Name}: {files.Out} is also where the heat map goes. Name the model MODEL.zip, or the picture with {picture.Name}.");
            }

            var embedding = (SentenceEmbeddingEstimator.Options)settings.Table.Create(given);
            return Task.FromResult(Run(
                terminal, files, format, options, () => EmbeddingSource.Open(parsed.GetValue(source), embedding, [.. given.Keys.Select(setting => setting.Path[^1].Name)], parsed.GetValue(seed)),
                parsed.GetValue(json)));
        });
    }

    private static int Run(Terminal terminal, Files files, LabeledTextFormat format, WhiteningSearch.Options options, Func<EmbeddingSource> open, bool json)
    {
        // Everything that can be wrong about files is found before the work.
        var pairs = PairFile.Read(files.Pairs, format);
        if (files.Corpus is not null)
        {
            InputFile.Check(files.Corpus, "the corpus");
        }

        using var output = new OutputFile(files.Out);
        using var picture = new OutputFile(files.Picture);
        using var source = open();
        source.Context.Log += (_, entry) =>
        {
            if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                terminal.Warn(entry.RawMessage);
            }
        };
        terminal.Say($"vectors of {source.Size} numbers for {pairs.Count} pairs" + (files.Corpus is null ? "" : $" and the sentences of {files.Corpus}"));
        var corpus = files.Corpus is null ? null : source.Transformer.Transform(RowScoring.Load(source.Context, source.TextColumn, Sentences(files.Corpus, files.Limit, format)));
        var result = source.Context.SentencePairs().SearchWhitening(PairScoring.Embed(source, pairs), options with { CorpusColumn = source.VectorColumn }, corpus);
        Save(source, result, output);
        using (var writer = new StreamWriter(picture.Stream, leaveOpen: true))
        {
            writer.Write(result.ToSvg());
        }

        picture.Commit();
        terminal.Output.Write(json ? JsonText.Line(Describe(result, files.Out)) + "\n" : result.ToTable());
        terminal.Say($"saved {files.Out} and {files.Picture}");
        return Tool.Success;
    }

    private static void Save(EmbeddingSource source, WhiteningSearchResult result, OutputFile output)
    {
        using var whitening = result.CreateTransformer(source.VectorColumn);
        IEnumerable<ITransformer> steps = source.Transformer is IEnumerable<ITransformer> chain ? chain : [source.Transformer];
        source.Context.Model.Save(new TransformerChain<ITransformer>([.. steps, whitening]), RowScoring.Load(source.Context, source.TextColumn, []).Schema, output.Stream);
        output.Commit();
    }

    private static JsonObject Describe(WhiteningSearchResult result, string model) => new()
    {
        ["spearman"] = PairScoring.Number(result.Best.Spearman), ["pearson"] = PairScoring.Number(result.Best.Pearson), ["support"] = result.Raw.Count,
        ["beta"] = result.Best.Beta, ["gamma"] = result.Best.Gamma, ["dimensions"] = result.Best.Dimensions,
        ["not_whitened"] = new JsonObject { ["spearman"] = PairScoring.Number(result.Raw.Spearman), ["pearson"] = PairScoring.Number(result.Raw.Pearson) },
        ["vectors"] = result.Moments.Count, ["model"] = model,
        ["trials"] = new JsonArray([.. result.Trials.Select(trial => new JsonObject
        {
            ["beta"] = trial.Beta, ["gamma"] = trial.Gamma, ["dimensions"] = trial.Dimensions, ["spearman"] = PairScoring.Number(trial.Spearman), ["pearson"] = PairScoring.Number(trial.Pearson),
        })]),
    };

    private static IEnumerable<RowScoring.TextRow> Sentences(string path, int? limit, LabeledTextFormat format) =>
        new TextFile(path, "the corpus", [format.TextColumn ?? "text"]).Take(limit ?? int.MaxValue);

    private static T[]? Numbers<T>(ParseResult parsed, Option<string?> option, Func<string, NumberStyles, CultureInfo, T> parse, Func<T, bool> isInRange, string range)
    {
        var text = parsed.GetValue(option);
        try
        {
            T[]? numbers = text is null ? null : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => parse(part, NumberStyles.Float, CultureInfo.InvariantCulture))];
            return numbers is null || (numbers.Length > 0 && Array.TrueForAll(numbers, number => isInRange(number))) ? numbers : throw new FormatException();
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new UsageException($"{option.Name}: found {text}, expected numbers {range}, with commas between them.");
        }
    }

    private sealed record Files(string Pairs, string? Corpus, int? Limit, string Out, string? GivenPicture)
    {
        internal string Picture => GivenPicture ?? Path.ChangeExtension(Out, ".svg");
    }
}
