using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using MLPipelines;
using MLPipelines.Embeddings;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;

var (data, file, checkpoint) = (args.ElementAtOrDefault(0) ?? "samples/data", args.ElementAtOrDefault(1) ?? "embedder.zip", args.ElementAtOrDefault(2));
var texts = File.ReadLines(Path.Combine(data, "train.jsonl")).Select(line => (string)JsonNode.Parse(line)!["text"]!).ToList();
var ml = new MLContext(seed: 1);
var sentences = ml.Data.LoadFromEnumerable(texts.Select(text => new Sentence { Text = text }));

// A published checkpoint where there is one. Random weights know no meaning: there, sentences are alike that share characters and words.
var encoder = checkpoint is not null
    ? SentenceEncoder.FromCheckpoint(checkpoint)
    : RandomWeights(WordPieceTextTokenizer.BuildFrom(texts));

var pipeline = ml.Transforms.Text.EmbedWithRoFormer("Vector", "Text", encoder, new() { Pooling = SentencePooling.FirstLastAverage })
    .Append(ml.Transforms.Whiten("Vector", options: new() { Dimensions = 64 }));
using var model = pipeline.Fit(sentences);
ml.Model.Save(model, sentences.Schema, file);

// Anywhere else, loaded by ML.NET alone: an embedding generator of Microsoft.Extensions.AI.
using var generator = ml.Model.Load(file, out _).AsEmbeddingGenerator();
var vectors = await generator.GenerateAsync(texts);

var isRight = true;
foreach (var query in (string[])[texts[0], "吴晓梅把家搬到了南京", "The new product goes on sale in Geneva"])
{
    var vector = await generator.GenerateVectorAsync(query);
    var found = texts.Zip(vectors, (text, candidate) => (Text: text, Cosine: TensorPrimitives.CosineSimilarity(vector.Span, candidate.Vector.Span))).OrderByDescending(pair => pair.Cosine).Take(3).ToList();
    Console.WriteLine(query);
    foreach (var (text, cosine) in found) Console.WriteLine($"  {cosine:0.000}  {text}");

    // What is in the collection is found there.
    isRight &= !texts.Contains(query) || found[0].Cosine > 0.999;
}

return isRight ? 0 : 1;

static SentenceEncoder RandomWeights(WordPieceTextTokenizer tokenizer)
    => SentenceEncoder.WithRandomWeights(new RoFormerEncoder.Options { VocabularySize = tokenizer.Vocabulary.Count, Layers = 2, HiddenSize = 128, Heads = 2 }, tokenizer);

internal sealed class Sentence
{
    public string Text { get; set; } = "";
}
