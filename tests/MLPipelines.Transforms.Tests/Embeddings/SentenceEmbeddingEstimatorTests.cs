using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Embeddings;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using MLPipelines.Scoring;
using MLPipelines.Testing;
using MLPipelines.Transforms.Tests.Checkpoints;
using TorchSharp;
using static MLPipelines.Transforms.Tests.Embeddings.TinySentences;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Embeddings;

[ContractOf(typeof(SentenceEmbeddingEstimator))]
public sealed class SentenceEmbeddingEstimatorContract : EstimatorContractTests
{
    readonly SentenceEmbeddingEstimator.Options _options = Options with { Normalize = true };

    protected override ContractCase Case => new(
        create: (ml, _) => ml.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.WithRandomWeights(Architecture, Tokenizer), _options),
        data: ml => Data(ml),
        required: ["Text"])
    {
        MaximumLookahead = 6,
        SupportsCancellation = false,
        Options = () => _options,
        CreateOnDevice = (ml, device) => ml.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.WithRandomWeights(Architecture, Tokenizer), _options with { Device = device }),
    };
}

[Collection(ContractCollection.Name)]
public sealed class SentenceEmbeddingEstimatorTests : IDisposable
{
    readonly MLContext _context = new(1);
    readonly RoFormerEncoder _encoder = Encoder();

    [Theory]
    [InlineData(SentencePooling.Cls)]
    [InlineData(SentencePooling.Pooler)]
    [InlineData(SentencePooling.LastAverage)]
    [InlineData(SentencePooling.FirstLastAverage)]
    [InlineData(SentencePooling.Max)]
    public void Poolings_are_what_they_say_in_batches_of_any_size(SentencePooling pooling)
    {
        using var pooler = Pooler();
        var texts = Texts.Where(text => Tokenizer.Tokenize(text).Count <= 22).ToList();
        var vectors = Embed(SentenceEncoder.Of(_encoder, Tokenizer, pooler), Options with { Pooling = pooling }, texts);
        Assert.True(texts.Count > 8);
        for (var row = 0; row < texts.Count; row++) Close(Pooled(States(texts[row]), pooling, pooler), vectors[row]);
    }

    [Fact]
    public void First_layer_is_the_output_of_block_0_not_the_embedding()
    {
        using var scope = NewDisposeScope();
        using var oneLayer = new RoFormerEncoder(Architecture with { Layers = 1 }, new Generator(3));
        oneLayer.eval();
        var first = Embed(SentenceEncoder.Of(oneLayer, Tokenizer), Options with { Pooling = SentencePooling.FirstLastAverage }, Texts);
        var last = Embed(SentenceEncoder.Of(oneLayer, Tokenizer), Options with { Pooling = SentencePooling.LastAverage }, Texts);
        Assert.All(first.Zip(last), pair => Close(pair.First, pair.Second));
    }

    [Fact]
    public void A_long_text_is_the_mean_of_its_windows_weighted_by_tokens()
    {
        var text = string.Join(' ', Enumerable.Repeat("the quick brown fox jumps over the lazy dog in 北京", 4));
        var tokens = Tokenizer.Tokenize(text);
        var windows = TextWindows.Split(tokens, 24, 4);
        Assert.True(windows.Count > 2);
        var parts = windows.Select(window => Pooled(States([Tokenizer.ClsId, .. tokens.Ids[window.First..(window.First + window.Count)], Tokenizer.SepId]), SentencePooling.LastAverage, null)).ToList();
        var total = windows.Sum(window => window.SequenceLength);
        var expected = Enumerable.Range(0, Width).Select(i => windows.Select((window, w) => parts[w][i] * window.SequenceLength).Sum() / total).ToArray();
        var vectors = Embed(SentenceEncoder.Of(_encoder, Tokenizer), Options with { Pooling = SentencePooling.LastAverage }, "fox", text, "dog");
        Close(expected, vectors[1]);
    }

    [Fact]
    public void A_shorter_maximum_length_makes_shorter_windows()
    {
        var options = Options with { MaximumLength = 8, WindowOverlap = 2 };
        var vectors = Embed(SentenceEncoder.Of(_encoder, Tokenizer), options, Texts[0], Texts[8]);
        Close(Embed(SentenceEncoder.Of(_encoder, Tokenizer), Options, Texts[0])[0], vectors[0]);
        Assert.Contains(Embed(SentenceEncoder.Of(_encoder, Tokenizer), Options, Texts[8])[0].Zip(vectors[1]), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Fact]
    public void Vectors_can_be_normalised()
    {
        var plain = Embed(SentenceEncoder.Of(_encoder, Tokenizer), Options, Texts);
        var unit = Embed(SentenceEncoder.Of(_encoder, Tokenizer), Options with { Normalize = true }, Texts);
        foreach (var (vector, direction) in plain.Zip(unit))
        {
            var length = Math.Sqrt(vector.Sum(x => (double)x * x));
            Close([.. vector.Select(x => (float)(x / length))], direction);
            Assert.Equal(1, direction.Sum(x => (double)x * x), 1e-5);
        }
    }

    [Fact]
    public void Empty_texts_have_the_vector_of_an_empty_sequence()
    {
        var vectors = Embed(SentenceEncoder.Of(_encoder, Tokenizer), Options with { Pooling = SentencePooling.LastAverage }, "", "fox", " \u0001", null!);
        var expected = Pooled(States([Tokenizer.ClsId, Tokenizer.SepId]), SentencePooling.LastAverage, null);
        Close(expected, vectors[0]);
        Close(expected, vectors[2]);
        Close(expected, vectors[3]);
    }

    [Fact]
    public void The_encoder_stays_the_callers()
    {
        var data = Data(_context);
        using var model = _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.Of(_encoder, Tokenizer), Options).Fit(data);
        var before = Vectors(model, data);
        using (no_grad())
        {
            foreach (var (_, parameter) in _encoder.named_parameters()) parameter.zero_();
        }

        _encoder.train();
        Assert.Equal(before, Vectors(model, data));
        model.Dispose();
        _encoder.eval();
        using var scope = NewDisposeScope();
        Assert.Equal([1, 2, Width], _encoder.call(Input([Tokenizer.ClsId, Tokenizer.SepId])).shape);
    }

    [Fact]
    public void A_checkpoint_gives_the_vectors_of_its_encoder()
    {
        using var directory = CheckpointDirectory.Tiny();
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        var data = Data(_context, ["一丁", "七", ""]);
        Assert.Null(checkpoint.Pooler);
        using var copied = _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.Of(checkpoint.Encoder, checkpoint.Tokenizer), Options).Fit(data);
        using var loaded = _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", directory.Path, Options).Fit(data);
        Assert.Equal(32, Vectors(loaded, data)[0].Length);
        Assert.Equal(Vectors(copied, data), Vectors(loaded, data));
        Assert.Throws<DataFormatException>(() => _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", directory.Path + "nowhere", Options).Fit(data));
        NativeMemory.RequireNoLeak("a Fit from a checkpoint", 2, () => _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", directory.Path, Options).Fit(data).Dispose());
    }

    [Theory]
    [InlineData("roformer", SentencePooling.Pooler)]
    [InlineData("roformer-v2", SentencePooling.FirstLastAverage)]
    [InlineData("gau-alpha", SentencePooling.FirstLastAverage)]
    [InlineData("gau-alpha", SentencePooling.Max)]
    public void Any_family_of_encoders_is_embedded_saved_and_loaded(string architecture, SentencePooling pooling)
    {
        using var vocabulary = new TemporaryFile(string.Join('\n', Tokenizer.Vocabulary));
        var encoder = SentenceEncoder.WithRandomWeights(vocabulary.Path, EncoderSize.Tiny, new(architecture, new() { ["hiddenSize"] = 32, ["layers"] = 2 }));
        SavedAndLoaded(encoder, Options with { Pooling = pooling });
    }

    [Fact]
    public void An_encoder_of_an_application_of_its_own_is_saved_by_its_id()
    {
        using var bag = new BagOfTokensEncoder(new() { VocabularySize = Tokenizer.Vocabulary.Count });
        using (no_grad()) bag.named_parameters().Single().parameter.add_(0.5);
        SavedAndLoaded(SentenceEncoder.Of(bag, Tokenizer), Options with { Pooling = SentencePooling.Cls });
        Assert.Contains("MLP133", Assert.Throws<ArgumentException>(() => Fit(SentenceEncoder.Of(bag, Tokenizer), Options)).Message, StringComparison.Ordinal);
    }

    void SavedAndLoaded(SentenceEncoder encoder, SentenceEmbeddingEstimator.Options options)
    {
        var data = Data(_context);
        using var model = _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", encoder, options).Fit(data);
        using var file = new MemoryStream();
        _context.Model.Save(model, data.Schema, file);
        file.Position = 0;
        using var loaded = (IDisposable)new MLContext().Model.Load(file, out _);
        var vectors = Vectors(model, data);
        Assert.All(vectors, vector => Assert.All(vector, x => Assert.True(float.IsFinite(x))));
        Assert.Contains(vectors, vector => vector.Any(x => x != vectors[0][0]));
        Assert.Equal(vectors, Vectors((ITransformer)loaded, data));
    }

    [Fact]
    public void Options_alone_describe_an_encoder_for_configurations()
    {
        using var vocabulary = new TemporaryFile(string.Join('\n', Tokenizer.Vocabulary));
        var json = """{"inputColumn": "Text", "pooling": "max", "encoder": {"vocabularyPath": "FILE", "size": "tiny", "architecture": {"component": "roformer", "options": {"layers": 1}}}}"""
            .Replace("FILE", vocabulary.Path, StringComparison.Ordinal);
        var estimator = ComponentRegistry.OfApplication().Create<IEstimator<ITransformer>>("transform.sentence-embedding.v1", System.Text.Json.JsonDocument.Parse(json).RootElement, _context);
        using var model = (BatchedTransformer<SentenceRow>)estimator.Fit(Data(_context));
        Assert.Equal(128, Vectors(model, Data(_context))[0].Length);
        var saved = model.Pack().Options.ToJsonString();
        Assert.DoesNotContain(vocabulary.Path, saved, StringComparison.Ordinal);
        Assert.Contains("\"layers\":1", saved, StringComparison.Ordinal);
        Assert.Contains("MLP139", Assert.Throws<ArgumentException>(() => new SentenceEmbeddingEstimator(_context, new())).Message, StringComparison.Ordinal);
        Assert.Contains("MLP139", Assert.Throws<ArgumentException>(() => SentenceEncoder.FromOptions(new() { Checkpoint = "a", VocabularyPath = "b" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bfloat16_stays_close_and_is_saved_as_it_is()
    {
        var data = Data(_context);
        var exact = Embed(SentenceEncoder.Of(_encoder, Tokenizer), Options with { Normalize = true }, Texts);
        using var model = _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.Of(_encoder, Tokenizer), Options with { Normalize = true, Precision = EmbeddingPrecision.Bfloat16 }).Fit(data);
        var rounded = Vectors(model, data);
        Assert.All(exact.Zip(rounded), pair => Assert.InRange(pair.First.Zip(pair.Second, (x, y) => (double)x * y).Sum(), 0.99, 1.0001));
        Assert.Contains(exact.Zip(rounded), pair => !pair.First.SequenceEqual(pair.Second));

        var package = model.Pack();
        Assert.All(package.Tensors.Values, tensor => Assert.Equal("BF16", tensor.DType));
        using var loaded = (IDisposable)LoadablePackage.Load(_context, package);
        Assert.Equal(rounded, Vectors((ITransformer)loaded, data));
    }

    [Fact]
    public void Works_in_a_chain_with_stock_transforms_and_in_a_prediction_engine()
    {
        var data = Data(_context);
        var pipeline = _context.Transforms.CopyColumns("Sentence", "Text")
            .Append(_context.Transforms.Text.EmbedWithRoFormer("Sentence", null, SentenceEncoder.Of(_encoder, Tokenizer), Options))
            .Append(_context.Transforms.Concatenate("Vector", "Sentence"));
        using var chain = pipeline.Fit(data);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, Width), chain.GetOutputSchema(data.Schema)["Vector"].Type);
        var vectors = Vectors(chain, data);
        using var engine = _context.Model.CreatePredictionEngine<Input, Output>(chain, new PredictionEngineOptions { OwnsTransformer = false });
        for (var i = 0; i < Texts.Length; i++) Close(vectors[i], engine.Predict(new() { Text = Texts[i] }).Vector);
    }

    [Fact]
    public void What_the_encoder_cannot_do_is_refused_and_nothing_is_left_behind()
    {
        var larger = MLPipelines.Tokenizers.WordPieceTextTokenizer.FromVocabulary([.. Tokenizer.Vocabulary, "extra"]);
        Refused("MLP132", SentenceEncoder.Of(_encoder, Tokenizer), Options with { Pooling = SentencePooling.Pooler });
        Refused("at most 24 tokens", SentenceEncoder.Of(_encoder, Tokenizer), Options with { MaximumLength = 25 });
        Refused("vocabulary is larger", SentenceEncoder.Of(_encoder, larger), Options);
        Assert.Contains("there is no such", Assert.Throws<ArgumentException>(() => Fit(SentenceEncoder.Of(_encoder, Tokenizer), Options with { Device = "there is no such" })).Message, StringComparison.Ordinal);
        if (!cuda.is_available()) Assert.Contains("MLP131", Assert.Throws<InvalidOperationException>(() => Fit(SentenceEncoder.Of(_encoder, Tokenizer), Options with { Device = "cuda:0" })).Message, StringComparison.Ordinal);

        void Refused(string message, SentenceEncoder encoder, SentenceEmbeddingEstimator.Options options)
        {
            Try();
            NativeMemory.RequireNoLeak("a Fit that is refused", 3, Try);

            void Try() => Assert.Contains(message, Assert.Throws<ArgumentException>(() => Fit(encoder, options)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damaged_packages_are_refused_with_a_message()
    {
        using var pooler = Pooler();
        using var model = (BatchedTransformer<SentenceRow>)Fit(SentenceEncoder.Of(_encoder, Tokenizer, pooler), Options with { Pooling = SentencePooling.Pooler });
        var package = model.Pack();
        using (LoadablePackage.Load(_context, package) as IDisposable)
        {
        }

        var without = package.Tensors.Keys.First(name => name.StartsWith("pooler.", StringComparison.Ordinal));
        Refused(without, new(typeof(SentenceEmbeddingEstimator), package.Options, package.Tensors.Where(tensor => tensor.Key != without).ToDictionary(), package.Files));
        Refused("vocab.txt", new(typeof(SentenceEmbeddingEstimator), package.Options, package.Tensors));
        foreach (var part in new[] { "embedding", "tokenizer", "encoder", "pooler" })
        {
            var options = package.Options.DeepClone().AsObject();
            options.Remove(part);
            Refused("MLP", new(typeof(SentenceEmbeddingEstimator), options, package.Tensors, package.Files));
            options[part] = 5;
            Refused("MLP", new(typeof(SentenceEmbeddingEstimator), options, package.Tensors, package.Files));
        }

        var huge = package.Options.DeepClone().AsObject();
        huge["encoder"]!["options"]!["layers"] = 900;
        huge["encoder"]!["options"]!["hiddenSize"] = 65536;
        Refused("fewer weights than its options say", new(typeof(SentenceEmbeddingEstimator), huge, package.Tensors, package.Files));

        // Enough weights for a wide and shallow encoder, but not for the pooler that the options ask for.
        var shallow = package.Options.DeepClone().AsObject();
        shallow["encoder"] = JsonNode.Parse("""{"component": "encoder.gau-alpha.v1", "assembly": "MLPipelines.Transforms", "options": {"vocabularySize": 20, "hiddenSize": 2048, "layers": 1, "intermediateSize": 1, "attentionKeySize": 2}}""");
        Refused("fewer weights than its options say", new(typeof(SentenceEmbeddingEstimator), shallow, new Dictionary<string, TensorData> { ["x"] = new("F32", [100_000], new byte[400_000]) }, package.Files));

        void Refused(string message, ModelPackage bad)
        {
            Try();
            NativeMemory.RequireNoLeak("a package that is refused", 2, Try);

            void Try() => Assert.Contains(message, Assert.Throws<InvalidDataException>(() => SentenceEmbeddingEstimator.Load(_context, bad)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Random_weights_follow_the_contexts_seed()
    {
        Assert.Equal(Random(1), Random(1));
        Assert.NotEqual(Random(1), Random(2));

        float[][] Random(int seed)
        {
            var context = new MLContext(seed);
            using var model = context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.WithRandomWeights(Architecture, Tokenizer), Options).Fit(Data(context));
            return Vectors(model, Data(context));
        }
    }

    public void Dispose() => _encoder.Dispose();

    IDisposable Fit(SentenceEncoder encoder, SentenceEmbeddingEstimator.Options options) => _context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", encoder, options).Fit(Data(_context));

    static FirstTokenPooler Pooler()
    {
        using var generator = new Generator(5);
        var pooler = new FirstTokenPooler(Width, "tanh", generator);
        using var noGrad = no_grad();
        foreach (var (_, parameter) in pooler.named_parameters()) parameter.mul_(10);
        return pooler;
    }

    static EncoderInput Input(IReadOnlyList<int> ids) => new(tensor([.. ids.Select(id => (long)id)]).unsqueeze(0), ones(1, ids.Count, ScalarType.Bool)) { HasPadding = false };

    float[][][] States(string text) => States([Tokenizer.ClsId, .. Tokenizer.Tokenize(text).Ids, Tokenizer.SepId]);

    /// <summary>The states of one sequence that has no padding: state, token, dimension.</summary>
    float[][][] States(IReadOnlyList<int> ids)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return [.. _encoder.HiddenStates(Input(ids)).Select(state => state.flatten().data<float>().ToArray().Chunk(Width).ToArray())];
    }

    static float[] Pooled(float[][][] states, SentencePooling pooling, FirstTokenPooler? pooler)
    {
        var last = states[^1];
        return pooling switch
        {
            SentencePooling.Cls => last[0],
            SentencePooling.Pooler => Apply(pooler!, last[0]),
            SentencePooling.Max => Each(i => last.Max(token => token[i])),
            SentencePooling.LastAverage => Each(i => last.Average(token => token[i])),
            _ => Each(i => last.Zip(states[1], (x, y) => (x[i] + y[i]) / 2).Average()),
        };

        static float[] Each(Func<int, float> dimension) => [.. Enumerable.Range(0, Width).Select(dimension)];
    }

    static float[] Apply(FirstTokenPooler pooler, float[] token)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return pooler.call(tensor(token).view(1, 1, Width)).flatten().data<float>().ToArray();
    }
}
