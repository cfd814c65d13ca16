using Microsoft.Extensions.AI;
using Microsoft.ML;
using MLPipelines.Embeddings;
using MLPipelines.Scoring;
using static MLPipelines.Transforms.Tests.Embeddings.TinySentences;

namespace MLPipelines.Transforms.Tests.Embeddings;

public sealed class TransformerEmbeddingGeneratorTests : IDisposable
{
    readonly MLContext _context = new(1);
    readonly BatchedTransformer<SentenceRow> _model;

    public TransformerEmbeddingGeneratorTests()
        => _model = _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.WithRandomWeights(Architecture, Tokenizer), Options).Fit(Data(_context));

    [Fact]
    public async Task Embeddings_come_in_the_order_of_the_texts()
    {
        using var generator = _model.AsEmbeddingGenerator(new() { BatchSize = 5, ModelId = "tiny" });
        var embeddings = await generator.GenerateAsync(Texts);
        var expected = Vectors(_model, Data(_context));
        Assert.Equal(Texts.Length, embeddings.Count);
        for (var i = 0; i < Texts.Length; i++)
        {
            Close(expected[i], embeddings[i].Vector.ToArray());
            Assert.Equal("tiny", embeddings[i].ModelId);
        }

        Close(expected[2], (await generator.GenerateVectorAsync(Texts[2])).ToArray());
        Assert.Empty(await generator.GenerateAsync([]));
    }

    [Fact]
    public async Task Any_model_that_ends_in_a_vector_will_do()
    {
        var pipeline = _context.Transforms.CopyColumns("Text", "Sentence")
            .Append(_context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.WithRandomWeights(Architecture, Tokenizer), Options))
            .Append(_context.Transforms.Concatenate("Twice", "Vector", "Vector"));
        var data = _context.Transforms.CopyColumns("Sentence", "Text").Fit(Data(_context)).Transform(Data(_context));
        using var last = pipeline.Fit(data).AsEmbeddingGenerator(new() { InputColumn = "Sentence" });
        var twice = (await last.GenerateVectorAsync(Texts[0])).ToArray();
        Assert.Equal(2 * Width, twice.Length);
        Assert.Equal(2 * Width, last.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions);

        using var named = pipeline.Fit(data).AsEmbeddingGenerator(new() { InputColumn = "Sentence", OutputColumn = "Vector" });
        Close(twice[..Width], (await named.GenerateVectorAsync(Texts[0])).ToArray());
    }

    [Fact]
    public void Models_that_will_not_do_are_refused()
    {
        Assert.Contains("'Sentence'", Assert.Throws<ArgumentException>(() => _model.AsEmbeddingGenerator(new() { OutputColumn = "Sentence" })).Message, StringComparison.Ordinal);
        Assert.Contains("Text", Assert.ThrowsAny<ArgumentException>(() => _model.AsEmbeddingGenerator(new() { InputColumn = "Sentence" })).Message, StringComparison.Ordinal);
        var copy = _context.Transforms.CopyColumns("Copy", "Text").Fit(Data(_context));
        Assert.Contains("makes no vector", Assert.Throws<ArgumentException>(() => copy.AsEmbeddingGenerator()).Message, StringComparison.Ordinal);
        Assert.Contains("BatchSize", Assert.Throws<ArgumentException>(() => _model.AsEmbeddingGenerator(new() { BatchSize = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_is_seen_before_the_next_batch()
    {
        using var generator = _model.AsEmbeddingGenerator(new() { BatchSize = 1, OwnsModel = false });
        using var already = new CancellationTokenSource();
        already.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(Texts, cancellationToken: already.Token));

        using var soon = new CancellationTokenSource();
        var many = generator.GenerateAsync(Enumerable.Repeat("the quick brown fox", 1_000_000), cancellationToken: soon.Token);
        soon.CancelAfter(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => many);
    }

    [Fact]
    public async Task Bad_requests_are_refused()
    {
        using var generator = _model.AsEmbeddingGenerator(new() { OwnsModel = false });
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a", null!]));
        await Assert.ThrowsAsync<ArgumentNullException>(() => generator.GenerateAsync(null!));
        Assert.Contains("MLP135", (await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a"], new() { Dimensions = 3 }))).Message, StringComparison.Ordinal);
        Assert.Single(await generator.GenerateAsync(["a"], new() { Dimensions = Width }));
    }

    [Fact]
    public void Services_are_the_metadata_the_generator_and_the_model()
    {
        using var generator = _model.AsEmbeddingGenerator(new() { ModelId = "tiny", OwnsModel = false });
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("MLPipelines", "tiny", Width), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(generator, generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Same(_model, generator.GetService<ITransformer>());
        Assert.Null(generator.GetService<ITransformer>("key"));
        Assert.Null(generator.GetService<MLContext>());
    }

    [Fact]
    public async Task The_model_is_disposed_with_its_owner_only()
    {
        var guest = _model.AsEmbeddingGenerator(new() { OwnsModel = false });
        guest.Dispose();
        guest.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guest.GenerateAsync(["a"]));
        Assert.Equal(Texts.Length, Vectors(_model, Data(_context)).Length);
        _model.AsEmbeddingGenerator().Dispose();
        Assert.Throws<ObjectDisposedException>(() => Vectors(_model, Data(_context)));
    }

    [Fact]
    public async Task Many_callers_at_once_get_their_own_answers()
    {
        using var generator = _model.AsEmbeddingGenerator(new() { BatchSize = 3, OwnsModel = false });
        var expected = Vectors(_model, Data(_context));
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => generator.GenerateAsync([Texts[i], Texts[(i + 1) % 12]])));
        for (var i = 0; i < 12; i++)
        {
            Close(expected[i], answers[i][0].Vector.ToArray());
            Close(expected[(i + 1) % 12], answers[i][1].Vector.ToArray());
        }
    }

    public void Dispose() => _model.Dispose();
}
