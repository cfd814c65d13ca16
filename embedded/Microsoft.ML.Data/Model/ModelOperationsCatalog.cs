using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Saves, loads and uses models.</summary>
public sealed class ModelOperationsCatalog
{
    private const string SchemaEntry = "Schema";
    private const string TransformerFolder = TransformerChain.LoaderSignature;

    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env) => _env = env;

    /// <summary>Saves a model together with the loader of its input, in the place of an input schema.</summary>
    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, Stream stream)
    {
        _env.CheckValue(loader, nameof(loader));
        _env.CheckValue(stream, nameof(stream));
        var composite = new CompositeDataLoader<TSource, ITransformer>(loader, model is null ? null : new(model));
        using var repository = RepositoryWriter.CreateNew(stream, _env);
        ModelSaveContext.SaveModel(repository, composite, null);
        repository.Commit();
    }

    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, string filePath)
    {
        _env.CheckValue(loader, nameof(loader));
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, loader, stream);
    }

    /// <summary>Saves a model and, where it is known, the schema of its input.</summary>
    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = RepositoryWriter.CreateNew(stream, _env);
        ModelSaveContext.SaveModel(repository, model, TransformerFolder);
        if (inputSchema is not null)
        {
            using var channel = _env.Start("Saving Schema");
            using var entry = repository.CreateEntry(SchemaEntry);
            IdvSchema.Write(channel, entry.Stream, inputSchema);
        }
        repository.Commit();
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    /// <summary>Loads a model and the schema of its input; the schema is null where none was saved.</summary>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = RepositoryReader.Open(stream, _env);
        try
        {
            inputSchema = LoadSchemaOrNull(repository);
            // A loader, at the root of the file, stands in the place of a schema.
            if (inputSchema is null
                && ModelLoadContext.LoadModelOrNull<IDataLoader<IMultiStreamSource>, SignatureLoadModel>(_env, out var loader, repository, null))
            {
                var model = Decompose(ref loader);
                inputSchema = loader.GetOutputSchema();
                return model;
            }
            ModelLoadContext.LoadModel<ITransformer, SignatureLoadModel>(_env, out var transformer, repository, TransformerFolder);
            return transformer;
        }
        catch (Exception ex) when (IsDecodingError(ex))
        {
            throw _env.ExceptDecode(ex, $"Corrupt model file: {ex.Message}");
        }
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    /// <summary>Loads a model that was saved with a loader.</summary>
    public ITransformer LoadWithDataLoader(Stream stream, out IDataLoader<IMultiStreamSource> loader)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = RepositoryReader.Open(stream, _env);
        try
        {
            ModelLoadContext.LoadModel<IDataLoader<IMultiStreamSource>, SignatureLoadModel>(_env, out loader, repository, null);
            return Decompose(ref loader);
        }
        catch (Exception ex)
        {
            throw _env.Except(
                ex,
                $"Model does not contain an {nameof(IDataLoader<IMultiStreamSource>)}. Perhaps this was saved with an {nameof(DataViewSchema)}, " +
                $"or even no information on its input at all. Consider using the {nameof(Load)} method instead.");
        }
    }

    public ITransformer LoadWithDataLoader(string filePath, out IDataLoader<IMultiStreamSource> loader)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return LoadWithDataLoader(stream, out loader);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer,
        bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new() =>
        transformer.CreatePredictionEngine<TSrc, TDst>(_env, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new() =>
        transformer.CreatePredictionEngine<TSrc, TDst>(_env, false, DataViewConstructionUtils.GetSchemaDefinition<TSrc>(_env, inputSchema));

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new() =>
        transformer.CreatePredictionEngine<TSrc, TDst>(
            _env, options.IgnoreMissingColumns, options.InputSchemaDefinition, options.OutputSchemaDefinition, options.OwnsTransformer);

    private DataViewSchema LoadSchemaOrNull(RepositoryReader repository)
    {
        using var entry = repository.OpenEntryOrNull(SchemaEntry);
        if (entry is null)
        {
            return null;
        }
        using var channel = _env.Start("Loading Schema");
        return IdvSchema.Read(channel, entry.Stream);
    }

    /// <summary>Splits a composite loader into the loader of the input and the model.</summary>
    private static ITransformer Decompose(ref IDataLoader<IMultiStreamSource> loader)
    {
        if (loader is not CompositeDataLoader<IMultiStreamSource, ITransformer> composite)
        {
            return new TransformerChain<ITransformer>();
        }
        loader = composite.Loader;
        return composite.Transformer is ITransformerChainAccessor { Transformers: [var only] } ? only : composite.Transformer;
    }

    private static bool IsDecodingError(Exception ex) =>
        ex is EndOfStreamException or InvalidDataException or OverflowException or ArgumentException or InsufficientExecutionStackException;
}
