using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Embeddings;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;
using TorchSharp;

namespace MLPipelines.Transforms.Tests.Embeddings;

/// <summary>Sentences and a small encoder with random weights.</summary>
static class TinySentences
{
    public const int Width = 16;

    public static readonly string[] Texts =
    [
        "the quick brown fox", "jumps over the lazy dog", "北京的天气很好", "", "hello world, hello fox", "😀 the dog and the 北京 fox — again and again, over and over", "quick",
        "the lazy fox jumps over the quick brown dog in 北京", "a b c d e f g h i j k l m n o p q r s t u v w x y z the fox", "   ", "世界", "over the world",
    ];

    public static readonly WordPieceTextTokenizer Tokenizer = WordPieceTextTokenizer.BuildFrom(Texts);

    public static readonly RoFormerEncoder.Options Architecture = new()
    {
        VocabularySize = Tokenizer.Vocabulary.Count, HiddenSize = Width, Layers = 2, Heads = 2, MaximumLength = 24, InitializerRange = 0.02,
    };

    public static readonly SentenceEmbeddingEstimator.Options Options = new() { LookAhead = 6, BatchSize = 4, Device = "cpu", WindowOverlap = 4 };

    /// <summary>The weights are large enough for sentences to differ.</summary>
    public static RoFormerEncoder Encoder(ulong seed = 7)
    {
        using var generator = new torch.Generator(seed);
        var encoder = new RoFormerEncoder(Architecture, generator);
        using var noGrad = torch.no_grad();
        foreach (var (_, parameter) in encoder.named_parameters()) parameter.mul_(5);
        encoder.eval();
        return encoder;
    }

    public static IDataView Data(MLContext context, IEnumerable<string>? texts = null) => context.Data.LoadFromEnumerable((texts ?? Texts).Select((text, i) => new Input { Text = text, Number = i }));

    public static float[][] Vectors(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float[]>("Vector")];

    public static float[][] Embed(SentenceEncoder encoder, SentenceEmbeddingEstimator.Options options, params IEnumerable<string> texts)
    {
        var context = new MLContext(1);
        var data = Data(context, texts);
        using var model = context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", encoder, options).Fit(data);
        return Vectors(model, data);
    }

    public static void Close(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++) Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
    }

    public sealed class Input
    {
        public string Text { get; set; } = "";

        public float Number { get; set; }
    }

    public sealed class Output
    {
        [VectorType(Width)]
        public float[] Vector { get; set; } = [];
    }
}
