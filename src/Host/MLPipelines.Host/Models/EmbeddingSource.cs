using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Embeddings;

namespace MLPipelines.Host.Models;

/// <summary>What makes vectors of texts: a checkpoint directory, a saved model that ends in a vector, or an encoder with random weights.</summary>
internal sealed class EmbeddingSource : IDisposable
{
    /// <summary>How a model computes, as opposed to what: only these settings can be changed about a saved model.</summary>
    private static readonly string[] s_howToCompute =
    [
        nameof(SentenceEmbeddingEstimator.Options.Precision), nameof(SentenceEmbeddingEstimator.Options.Device), nameof(SentenceEmbeddingEstimator.Options.BatchSize),
        nameof(SentenceEmbeddingEstimator.Options.BatchTokens), nameof(SentenceEmbeddingEstimator.Options.LookAhead),
    ];

    private EmbeddingSource(MLContext context, ITransformer transformer, string textColumn, DataViewSchema.Column vector) =>
        (Context, Transformer, TextColumn, VectorColumn, Size) = (context, transformer, textColumn, vector.Name, Embeddings.VectorColumn.SizeOf(vector));

    internal MLContext Context { get; }

    internal ITransformer Transformer { get; }

    /// <summary>The model's column for the text.</summary>
    internal string TextColumn { get; }

    /// <summary>The model's column with the vector.</summary>
    internal string VectorColumn { get; }

    /// <summary>The length of the vectors.</summary>
    internal int Size { get; }

    /// <summary>Opens what the user named.</summary>
    /// <param name="path">A checkpoint directory or a model file; null where the options describe the encoder.</param>
    /// <param name="options">The settings.</param>
    /// <param name="given">Those of them that the user gave: names of properties of the options.</param>
    /// <param name="seed">Draws random weights; null where the user gave none.</param>
    internal static EmbeddingSource Open(string? path, SentenceEmbeddingEstimator.Options options, IReadOnlyCollection<string> given, int? seed)
    {
        if (seed is not null && (path ?? options.Encoder.Checkpoint) is { } trained && Path.Exists(trained))
        {
            throw new UsageException($"--seed: the weights of {trained} are there, so none are drawn. Leave the flag out, or the encoder for random weights.");
        }

        if (path is not null && File.Exists(path))
        {
            return OfModel(path, options, given);
        }

        if (path is not null && !Directory.Exists(path))
        {
            throw new UsageException($"{path}: there is no such checkpoint directory or model file (looked in {Path.GetDirectoryName(Path.GetFullPath(path))}).");
        }

        if (path is null && options.Encoder is { Checkpoint: null, VocabularyPath: null })
        {
            throw new UsageException("found no encoder, expected a checkpoint directory, a MODEL.zip, or --vocab FILE (with --size and --architecture) for random weights.");
        }

        string[] random = [nameof(SentenceEncoder.Options.Checkpoint), nameof(SentenceEncoder.Options.VocabularyPath), nameof(SentenceEncoder.Options.Architecture), nameof(SentenceEncoder.Options.Size)];
        if (path is not null && random.FirstOrDefault(given.Contains) is { } fixedInCheckpoint)
        {
            throw new UsageException($"--{Settings.Names.Kebab(fixedInCheckpoint)}: {path} is a checkpoint, which says what its encoder is. Leave the flag out, or the checkpoint for random weights.");
        }

        options = path is null ? options : options with { Encoder = options.Encoder with { Checkpoint = path } };
        if (options.Encoder.VocabularyPath is not null)
        {
            InputFile.Check(options.Encoder.VocabularyPath, "the vocabulary");
        }

        var context = new MLContext(seed ?? 1);
        var texts = RowScoring.Load(context, options.InputColumn, []);
        var transformer = new SentenceEmbeddingEstimator(context, options).Fit(texts);
        return new EmbeddingSource(context, transformer, options.InputColumn, transformer.GetOutputSchema(texts.Schema)[options.OutputColumn]);
    }

    /// <summary>Whether a model makes its columns of a text alone.</summary>
    internal static bool IsPossible(LoadedModel model) => TextColumnsOf(model).Any(name => Accepts(model, model.Transformer, name));

    /// <summary>The vectors of a model that is open already, and stays its owner's.</summary>
    internal static EmbeddingSource Of(LoadedModel model)
    {
        try
        {
            var textColumn = TextColumnOf(model, model.Transformer);
            var schema = RowScoring.Load(model.Context, textColumn, []).Schema;
            return new EmbeddingSource(model.Context, model.Transformer, textColumn, Embeddings.VectorColumn.Find(model.Transformer.GetOutputSchema(schema)));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new UsageException($"{model.FilePath}: this model does not make a vector of a text: {error.Message.TrimEnd('.')}.");
        }
    }

    private static EmbeddingSource OfModel(string path, SentenceEmbeddingEstimator.Options options, IReadOnlyCollection<string> given)
    {
        string[] names = [nameof(options.InputColumn), nameof(options.OutputColumn)];
        if (given.Except([.. s_howToCompute, .. names]).FirstOrDefault() is { } fixedInModel)
        {
            throw new UsageException($"--{Settings.Names.Kebab(fixedInModel)}: {path} is a saved model, which has its own. Only these can be changed: {string.Join(", ", s_howToCompute.Select(name => "--" + Settings.Names.Kebab(name)))}.");
        }

        var loaded = LoadedModel.Open(path);
        var transformer = loaded.Transformer;
        try
        {
            if (given.Intersect(s_howToCompute).Any())
            {
                var changed = OptionsJson.Write(options);
                transformer = ModelSettings.Change(loaded.Context, loaded.Steps, new(s_howToCompute.Intersect(given).Select(JsonNamingPolicy.CamelCase.ConvertName).Select(key => KeyValuePair.Create(key, changed[key]?.DeepClone()))));
            }

            var textColumn = given.Contains(nameof(options.InputColumn)) ? options.InputColumn : TextColumnOf(loaded, transformer);
            var vector = Embeddings.VectorColumn.Find(
                transformer.GetOutputSchema(RowScoring.Load(loaded.Context, textColumn, []).Schema), given.Contains(nameof(options.OutputColumn)) ? options.OutputColumn : null);
            return new EmbeddingSource(loaded.Context, transformer, textColumn, vector);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            (transformer as IDisposable)?.Dispose();
            throw new UsageException($"{path}: this model does not make a vector of a text: {error.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>The text column of which the model makes its vector, among those that it was saved with.</summary>
    private static string TextColumnOf(LoadedModel model, ITransformer transformer)
    {
        var texts = TextColumnsOf(model);
        return texts.FirstOrDefault(name => Accepts(model, transformer, name)) ?? texts.FirstOrDefault() ?? throw new ArgumentException("it was saved without a text column; name one with --input-column");
    }

    private static List<string> TextColumnsOf(LoadedModel model) =>
        [.. model.InputSchema.Visible().Where(column => column.Type is TextDataViewType).Select(column => column.Name).OrderByDescending(name => name == "Text")];

    private static bool Accepts(LoadedModel model, ITransformer transformer, string textColumn)
    {
        try
        {
            return transformer.GetOutputSchema(RowScoring.Load(model.Context, textColumn, []).Schema) is not null;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    public void Dispose() => (Transformer as IDisposable)?.Dispose();
}
