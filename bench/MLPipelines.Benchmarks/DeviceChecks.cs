using System.CommandLine;
using MLPipelines.Components;
using MLPipelines.Embeddings;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Scoring;
using MLPipelines.Spans;
using MLPipelines.Tokenizers;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Optimizers;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>
/// What goes another way on a GPU than on the processor, against the processor: by operators in float64 where both would do the same, so that the checks say something on a processor too.
/// </summary>
internal static class DeviceChecks
{
    private static readonly string[] s_texts = ["the quick brown fox jumps over the lazy dog", "hello world", "北京的天气很好", "a longer text, with more words than the others have, over and over and over again", "fox", ""];

    internal static Command Command()
    {
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu" };
        var command = new Command("checks", "What a device computes beside what the CPU computes; the exit code says whether all agree.") { device };
        command.SetAction(parsed => Checks.Run(Of(new Device(parsed.GetValue(device)!)).Concat(TrainedModels.Of(parsed.GetValue(device)!))));
        return command;
    }

    private static IEnumerable<Check> Of(Device device)
    {
        yield return new("span decoding, float32", 0, () => Decoding(device, ScalarType.Float32));
        yield return new("span decoding, bfloat16", 0, () => Decoding(device, ScalarType.BFloat16));
        yield return new("dropout mask", 0, () => DropoutMask(device));
        var components = new ComponentRegistry().AddAssembly(typeof(IOptimizerFactory).Assembly);
        foreach (var name in (string[])["adamw", "lion", "tiger"])
        {
            yield return new($"optimiser {name}, six steps, dense and sparse gradients", 2e-6, () => Optimizer(new ComponentReference(name).Resolve<IOptimizerFactory>(components), device));
        }

        foreach (var loss in (string[])["zlpr", "zlpr-soft", "zlpr-sparse", "softmax-cross-entropy", "sigmoid-cross-entropy"])
        {
            yield return new($"loss {loss}, value and gradient", 1e-5, () => Loss(new ComponentReference(loss).Resolve<ILoss>(components), loss, device));
        }

        foreach (var (name, options) in Encoders())
        {
            yield return new($"training step of {name}: output and gradients with dropout", 2e-4, () => TrainingStep(options, device));
        }

        foreach (var head in (ISpanHeadOptions[])[new GlobalPointerHead.Options(), new EfficientGlobalPointerHead.Options()])
        {
            yield return new($"{head.GetType().DeclaringType!.Name}, scores and gradient", 1e-4, () => SpanHead(head, device));
        }

        yield return new("sentence embeddings, float32", 1e-4, () => Embedding(device, EmbeddingPrecision.Float32));
        yield return new("sentence embeddings, bfloat16", 0.08, () => Embedding(device, EmbeddingPrecision.Bfloat16));
    }

    private static IEnumerable<(string Name, IEncoderOptions Options)> Encoders()
    {
        yield return ("RoFormer", new RoFormerEncoder.Options { VocabularySize = 50, HiddenSize = 24, Layers = 2, Heads = 2, MaximumLength = 16 });
        yield return ("RoFormer, odd width, key size, rotary values off", new RoFormerEncoder.Options { VocabularySize = 50, HiddenSize = 9, Layers = 2, Heads = 3, KeySize = 4, MaximumLength = 16 });
        yield return ("RoFormerV2", new RoFormerV2Encoder.Options { VocabularySize = 50, HiddenSize = 24, Layers = 2, Heads = 2, MaximumLength = 16 });
        yield return ("GAU-α", new GauAlphaEncoder.Options { VocabularySize = 50, HiddenSize = 24, Layers = 2, MaximumLength = 16 });
    }

    private static double Decoding(Device device, ScalarType dtype)
    {
        using var generator = new Generator(3);
        var tokenizer = WordPieceTextTokenizer.BuildFrom(s_texts);
        var windows = s_texts.Where(text => text.Length > 0).SelectMany(text => TextWindows.Split(tokenizer.Tokenize(text), 12, 2)).ToList();
        var logits = randn([windows.Count, 3, 12, 12], generator: generator).to(dtype);
        var expected = SpanDecoder.Decode(logits, windows, 0.2f);
        return expected.Count > 10 && SpanDecoder.Decode(logits.to(device), windows, 0.2f).SequenceEqual(expected) ? 0 : 1;
    }

    private static double DropoutMask(Device device)
    {
        return Checks.Distance(Drop(device, ScalarType.Float32), Drop(CPU, ScalarType.Float64));

        static Tensor Drop(Device device, ScalarType dtype)
        {
            using var generator = new Generator(5);
            using var dropout = new SeededDropout(0.25, generator);
            return dropout.call(ones([1000, 33], dtype, device));
        }
    }

    /// <summary>Gradients are given, not computed: a sign optimiser makes a step of any size out of a rounding error.</summary>
    private static double Optimizer(IOptimizerFactory factory, Device device)
    {
        return Checks.RelativeDistance(Run(device, ScalarType.Float32), Run(CPU, ScalarType.Float64));

        Tensor Run(Device device, ScalarType dtype)
        {
            using var generator = new Generator(1);
            using var encoder = new RoFormerEncoder(new() { VocabularySize = 50, HiddenSize = 16, Layers = 1, Heads = 2, MaximumLength = 16 }, generator);
            encoder.to(dtype);
            encoder.to(device);
            var groups = ParameterGroup.Split(encoder, weightDecay: 0.01);
            using var optimizer = factory.Create(groups);
            var table = (Embedding)encoder.named_modules().First(module => module.name.EndsWith("word_embeddings", StringComparison.Ordinal)).module;
            for (var step = 0; step < 6; step++)
            {
                // Every row of the table, since rows without a gradient may be left for later, and some of them twice.
                var ids = cat([arange(50, ScalarType.Int64), randint(50, [20], dtype: ScalarType.Int64, generator: generator)]);
                var sum = table.call(ids.to(device)).mul(Random([ids.shape[0], 16])).sum();
                foreach (var (name, parameter) in encoder.named_parameters().Where(parameter => !parameter.name.EndsWith("word_embeddings.weight", StringComparison.Ordinal)))
                {
                    sum = sum.add(parameter.mul(Random(parameter.shape)).sum());
                }

                sum.backward();
                using (var gradients = new GradientSet(groups))
                {
                    optimizer.Step(gradients, learningRate: 1e-2);
                }

                GradientSet.Clear(groups);
            }

            return cat([.. encoder.named_parameters().Select(parameter => parameter.parameter.detach().flatten())]).to(CPU);

            Tensor Random(long[] shape) => randn(shape, generator: generator).to(dtype).to(device);
        }
    }

    private static double Loss(ILoss loss, string name, Device device)
    {
        using var generator = new Generator(2);
        var scores = randn([5, 7], generator: generator).mul_(4);
        var targets = name switch
        {
            "zlpr" => randint(0, 2, [5, 7], ScalarType.Int64, CPU, false, generator).to(ScalarType.Float32),
            "zlpr-sparse" => tensor(new long[] { 1, 3, -1, 0, -1, -1, 6, 2, 5, -1, -1, -1, 4, 0, -1 }, [5, 3]),
            "softmax-cross-entropy" => tensor(new long[] { 1, 0, 6, 3, 3 }),
            _ => rand([5, 7], generator: generator),
        };
        var (value, gradient) = Run(device, ScalarType.Float32);
        var (expected, slope) = Run(CPU, ScalarType.Float64);
        return Math.Max(Checks.RelativeDistance(value, expected), Checks.RelativeDistance(gradient, slope));

        (Tensor Value, Tensor Gradient) Run(Device device, ScalarType dtype)
        {
            var input = scores.to(dtype).to(device).clone().requires_grad_(true); // on the CPU, `to` gives the tensor itself
            var result = loss.Compute(input, (targets.dtype == ScalarType.Int64 ? targets : targets.to(dtype)).to(device));
            result.backward();
            return (result, input.grad!);
        }
    }

    private static double TrainingStep(IEncoderOptions options, Device device)
    {
        var (output, gradients) = Run(device, ScalarType.Float32);
        var (expected, slopes) = Run(CPU, ScalarType.Float64);

        // Relative to all gradients together: some, such as that of a key's bias, are rounding errors alone.
        var largest = slopes.Values.Max(slope => slope.abs().max().ToDouble());
        return Math.Max(Checks.RelativeDistance(output, expected), gradients.Select(gradient => Checks.Distance(gradient.Value, slopes[gradient.Key])).Aggregate(0.0, Math.Max) / largest);

        (Tensor Output, Dictionary<string, Tensor> Gradients) Run(Device device, ScalarType dtype)
        {
            using var generator = new Generator(4);
            using var module = (nn.Module<EncoderInput, Tensor>)options.Create(generator);
            module.to(dtype);
            module.to(device);
            module.train();
            var ids = tensor(new long[] { 1, 7, 9, 23, 4, 2, 1, 30, 2, 0, 0, 0 }, [2, 6]).to(device);
            var mask = tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0 }, [2, 6]).to(ScalarType.Bool).to(device);
            var hidden = module.call(new EncoderInput(ids, mask));
            var real = hidden.mul(mask.to(dtype).unsqueeze(-1));
            real.mul(randn([2, 6, hidden.shape[2]], generator: generator).to(dtype).to(device)).sum().backward();
            return (real.detach().to(CPU), module.named_parameters().Where(parameter => parameter.parameter.grad is not null).ToDictionary(
                parameter => parameter.name, parameter => (parameter.parameter.grad!.is_sparse ? parameter.parameter.grad.to_dense() : parameter.parameter.grad).to(CPU).clone()));
        }
    }

    private static double SpanHead(ISpanHeadOptions options, Device device)
    {
        var (scores, gradient) = Run(device, ScalarType.Float32);
        var (expected, slope) = Run(CPU, ScalarType.Float64);
        return Math.Max(Checks.RelativeDistance(scores, expected), Checks.RelativeDistance(gradient, slope));

        (Tensor Scores, Tensor Gradient) Run(Device device, ScalarType dtype)
        {
            using var generator = new Generator(6);
            using var head = (nn.Module<Tensor, Tensor>)options.Create(24, 3, 16, generator);
            head.to(dtype);
            head.to(device);
            var hidden = randn([2, 9, 24], generator: generator).to(dtype).to(device).requires_grad_(true);
            var scores = head.call(hidden);
            scores.square().sum().backward();
            return (scores, hidden.grad!);
        }
    }

    private static double Embedding(Device device, EmbeddingPrecision precision)
    {
        var tokenizer = WordPieceTextTokenizer.BuildFrom(s_texts);
        var (vectors, expected) = (Vectors(device.ToString(), precision), Vectors("cpu", EmbeddingPrecision.Float32));
        return Checks.RelativeDistance(vectors, expected);

        Tensor Vectors(string device, EmbeddingPrecision precision)
        {
            var context = new MLContext(1);
            var data = context.Data.LoadFromEnumerable(s_texts.Select(text => new TextRow { Text = text }));
            var architecture = new RoFormerEncoder.Options { VocabularySize = tokenizer.Vocabulary.Count, HiddenSize = 32, Layers = 2, Heads = 2, MaximumLength = 16 };
            using var model = context.Transforms.Text
                .EmbedWithRoFormer("Vector", "Text", SentenceEncoder.WithRandomWeights(architecture, tokenizer), new() { Device = device, Precision = precision, WindowOverlap = 4 }).Fit(data);
            return stack([.. model.Transform(data).GetColumn<float[]>("Vector").Select(vector => tensor(vector))]);
        }
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }
}
