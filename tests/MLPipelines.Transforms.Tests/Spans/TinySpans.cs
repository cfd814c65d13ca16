using Microsoft.ML;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Scoring;
using MLPipelines.Spans;
using MLPipelines.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Spans;

/// <summary>A small span extractor with random weights: it finds something in nearly every text, and not everything.</summary>
static class TinySpans
{
    public static readonly string[] Labels = ["PER", "LOC", "ORG"];

    public static readonly string[] Texts =
    [
        "the quick brown fox", "jumps over the lazy dog", "北京的天气很好", "", "hello world, hello fox", "😀 the dog and the 北京 fox — again and again, over and over", "quick", "the lazy fox jumps over the quick brown dog in 北京",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z the fox", "dog dog dog", "世界", "over the world",
    ];

    public static WordPieceTextTokenizer Tokenizer() => WordPieceTextTokenizer.BuildFrom(Texts);

    public static SpanExtractionModel Model(WordPieceTextTokenizer tokenizer, int maximumLength = 64, ulong seed = 7)
    {
        using var generator = new Generator(seed);
        var encoder = new RoFormerEncoder(
            new() { VocabularySize = tokenizer.Vocabulary.Count, HiddenSize = 32, Layers = 2, Heads = 4, MaximumLength = maximumLength, Dropout = 0, AttentionDropout = 0 }, generator);
        var model = new SpanExtractionModel(encoder, new GlobalPointerHead(32, Labels.Length, maximumLength, new() { HeadSize = 8 }, generator));
        using var noGrad = no_grad();
        // Random logits lie around 0, so about half of all cells would be spans.
        model.state_dict()["head.dense.weight"].mul_(1.5);
        model.eval();
        return model;
    }

    public static BatchedTransformer<SpanRow> Transformer(SpanExtractionScorer.Options? options = null, int maximumLength = 64)
    {
        var tokenizer = Tokenizer();
        return new(new SpanExtractionScorer(tokenizer, Model(tokenizer, maximumLength), Labels, options ?? new() { Prediction = new() { Threshold = 0.8f, BatchSize = 4 }, LookAhead = 6 }));
    }

    public sealed class Input
    {
        public string Text { get; set; } = "";

        public float Number { get; set; }

        public string[] Words { get; set; } = [];
    }

    public sealed class Output
    {
        public string Text { get; set; } = "";

        public float Number { get; set; }

        public string[] Words { get; set; } = [];

        public int[] PredictedStart { get; set; } = [];

        public int[] PredictedEnd { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];

        public string[] PredictedText { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    public static IDataView Data(MLContext context) => context.Data.LoadFromEnumerable(Inputs());

    public static IEnumerable<Input> Inputs() => Texts.Select((text, i) => new Input { Text = text, Number = i, Words = text.Split(' ') });
}
