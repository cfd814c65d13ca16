using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;

namespace MLPipelines.Embeddings;

/// <summary>Any ML.NET model that makes a vector of a text, as an embedding generator of Microsoft.Extensions.AI.</summary>
/// <remarks>
/// For example a model of <c>EmbedWithRoFormer</c> alone, or with whitening or any stock transform after it. Texts are scored on the thread pool, those of similar
/// length together, and come back in their order. Safe for concurrent use where the model is, as every ML.NET transformer is. Dispose it only when nothing runs any more.
/// </remarks>
public sealed class TransformerEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    readonly ITransformer _model;
    readonly Options _options;
    readonly DataViewSchema.Column _column;
    readonly EmbeddingGeneratorMetadata _metadata;
    volatile bool _isDisposed;

    /// <summary>Makes the generator.</summary>
    /// <param name="model">The model. Of its input columns only the text is given. It is owned unless the options say otherwise.</param>
    /// <param name="options">Settings; null stands for the defaults.</param>
    /// <exception cref="ArgumentException">The model needs another column, does not make a vector of Single of known size, or options are out of range.</exception>
    public TransformerEmbeddingGenerator(ITransformer model, Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _options) = (model, OptionsValidator.Validate(options ?? new(), nameof(TransformerEmbeddingGenerator)));
        _column = VectorColumn.Find(model.GetOutputSchema(new TextsView(_options.InputColumn, []).Schema), _options.OutputColumn);
        _metadata = new("MLPipelines", providerUri: null, _options.ModelId, VectorColumn.SizeOf(_column));
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="values">The texts; empty ones are allowed.</param>
    /// <param name="options">Of these only <see cref="EmbeddingGenerationOptions.Dimensions"/> counts: it is the model's own size, or not given.</param>
    /// <param name="cancellationToken">Checked before every batch.</param>
    /// <returns>One embedding for each text, in the order of the texts.</returns>
    /// <exception cref="ArgumentException">A text is null, or another number of dimensions is asked for.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (options?.Dimensions is { } dimensions && dimensions != VectorColumn.SizeOf(_column)) throw Failures.OtherDimensions(VectorColumn.SizeOf(_column), dimensions);
        string[] texts = [.. values];
        if (Array.IndexOf(texts, null) is >= 0 and var place) throw new ArgumentException($"The text at index {place} is null.", nameof(values));
        return Task.Run(() => Generate(texts, cancellationToken), cancellationToken);
    }

    GeneratedEmbeddings<Embedding<float>> Generate(string[] texts, CancellationToken cancellationToken)
    {
        var vectors = new float[texts.Length][];
        // Small batches of similar length: little padding, and a cancellation is seen soon.
        int[] order = [.. Enumerable.Range(0, texts.Length).OrderByDescending(i => texts[i].Length)];
        foreach (var batch in order.Chunk(_options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Score([.. batch.Select(i => texts[i])], batch, vectors);
        }

        return new(vectors.Select(vector => new Embedding<float>(vector) { ModelId = _options.ModelId }));
    }

    void Score(string[] texts, int[] places, float[][] vectors)
    {
        var view = _model.Transform(new TextsView(_options.InputColumn, texts));
        var column = view.Schema[_column.Name];
        using var cursor = view.GetRowCursor([column]);
        var read = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> vector = default;
        var row = 0;
        for (; cursor.MoveNext() && row < places.Length; row++)
        {
            read(ref vector);
            vectors[places[row]] = [.. vector.DenseValues()];
        }

        if (row < places.Length) throw Failures.RowsLost(places.Length, row);
    }

    /// <summary>Gives what this generator is made of: its metadata, itself, or the model.</summary>
    /// <param name="serviceType">The type wanted.</param>
    /// <param name="serviceKey">Null; there is nothing under a key.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return _metadata;
        return serviceType.IsInstanceOfType(this) ? this : serviceType.IsInstanceOfType(_model) ? _model : null;
    }

    /// <summary>Disposes the model where it is owned.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (_options.OwnsModel) (_model as IDisposable)?.Dispose();
    }

    /// <summary>Settings of the generator.</summary>
    public sealed record Options
    {
        /// <summary>The model's column for the text.</summary>
        /// <value>The default is <c>Text</c>.</value>
        [Required] public string InputColumn { get; init; } = "Text";

        /// <summary>The model's column with the vector.</summary>
        /// <value>The default is null: the last column that is a vector of Single of known size.</value>
        public string? OutputColumn { get; init; }

        /// <summary>How many texts are scored together; after each such batch a cancellation is seen.</summary>
        /// <value>The default is 64.</value>
        [Range(1, 1_000_000)] public int BatchSize { get; init; } = 64;

        /// <summary>The name of the model, for the metadata and in every embedding.</summary>
        /// <value>The default is null.</value>
        public string? ModelId { get; init; }

        /// <summary>Whether disposing the generator disposes the model.</summary>
        /// <value>The default is true, as for ML.NET's prediction engines.</value>
        public bool OwnsModel { get; init; } = true;
    }
}
