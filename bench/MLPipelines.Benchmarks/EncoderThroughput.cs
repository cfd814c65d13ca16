using System.CommandLine;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Tokens a second of a RoFormer encoder with random weights; bench/peer_encoder.py is the same in PyTorch.</summary>
internal static class EncoderThroughput
{
    private const int Vocabulary = 21128;

    internal static Command Command()
    {
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu" };
        var precision = new Option<string>("--precision") { DefaultValueFactory = _ => "float32" }.AcceptOnlyFromAmong("float32", "tf32", "bfloat16", "mixed");
        var size = new Option<string>("--size") { DefaultValueFactory = _ => "small" }.AcceptOnlyFromAmong("small", "base");
        var batch = new Option<int>("--batch") { DefaultValueFactory = _ => 32 };
        var length = new Option<int>("--length") { DefaultValueFactory = _ => 64 };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 5 };
        var optimizer = new Option<string>("--optimizer") { DefaultValueFactory = _ => "adamw" };
        var only = new Option<string?>("--only").AcceptOnlyFromAmong("forward", "training");
        var command = new Command("encoder", "Forward and training throughput of an encoder.") { device, precision, size, batch, length, threads, seconds, only, optimizer };
        command.SetAction(parsed =>
        {
            set_num_threads(parsed.GetValue(threads));
            backends.cuda.matmul.allow_tf32 = parsed.GetValue(precision) == "tf32";
            Run(
                new Device(parsed.GetValue(device)!), parsed.GetValue(precision)!, parsed.GetValue(size)!,
                parsed.GetValue(batch), parsed.GetValue(length), parsed.GetValue(seconds), parsed.GetValue(only),
                new ComponentReference(parsed.GetValue(optimizer)!).Resolve<IOptimizerFactory>(new ComponentRegistry().AddAssembly(typeof(IOptimizerFactory).Assembly)));
        });
        return command;
    }

    private static void Run(Device device, string precision, string size, int batch, int length, double seconds, string? only, IOptimizerFactory factory)
    {
        using var generator = new Generator(1);
        var options = size == "base"
            ? new RoFormerEncoder.Options { VocabularySize = Vocabulary, Layers = 12, HiddenSize = 768, Heads = 12 }
            : new RoFormerEncoder.Options { VocabularySize = Vocabulary, Layers = 6, HiddenSize = 384, Heads = 6 };
        using var encoder = new RoFormerEncoder(options, generator);
        encoder.to(device);
        using var ids = randint(Vocabulary, [batch, length], dtype: ScalarType.Int64, generator: generator).to(device); // a generator draws on its own device
        using var mask = ones(batch, length, dtype: ScalarType.Bool, device: device);
        var input = new EncoderInput(ids, mask) { HasPadding = false };
        var tokens = batch * length;

        encoder.eval();
        var distance = precision == "bfloat16" ? ToBfloat16(encoder, input) : 0;
        var forward = only == "training" ? default : Measure.Steps(() => Forward(encoder, input), seconds, device);

        encoder.train();
        using var memory = new StepMemory();
        var groups = ParameterGroup.Split(encoder, weightDecay: 0.01);
        using var optimizer = factory.Create(groups);
        MixedPrecision.Set(encoder, precision == "mixed" ? ScalarType.BFloat16 : null);
        var training = only == "forward" ? default : Measure.Steps(() => Train(encoder, input, groups, optimizer), seconds, device);
        Measure.Print(new
        {
            program = "MLPipelines, libtorch " + TorchSharp.torch.__version__, size, device = device.ToString(), precision, optimizer = factory.GetType().Name, batch, length, threads = get_num_threads(),
            parameter_megabytes = Math.Round(groups.SelectMany(g => g.Parameters).Sum(p => p.Parameter.NumberOfElements * 4) / 1e6, 1), optimizer_state_megabytes = Math.Round(StateBytes(optimizer) / 1e6, 1),
            forward_tokens_per_second = Math.Round(forward.PerSecond * tokens), training_tokens_per_second = Math.Round(training.PerSecond * tokens),
            relative_distance_from_float32 = Math.Round(distance, 5),
            forward_tokens_per_processor_second = Math.Round(forward.PerProcessorSecond * tokens), training_tokens_per_processor_second = Math.Round(training.PerProcessorSecond * tokens),
        });
    }

    /// <summary>Changes the precision; the result is how far the output is then from float32, relative to its scale.</summary>
    private static double ToBfloat16(RoFormerEncoder encoder, EncoderInput input)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var exact = encoder.call(input);
        // Not in inference mode: parameters made there cannot be trained.
        encoder.to(ScalarType.BFloat16);
        return encoder.call(input).to(ScalarType.Float32).sub_(exact).square().mean().div(exact.square().mean()).sqrt().item<float>();
    }

    private static long StateBytes(IOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        var state = new TrainingState();
        optimizer.Save(state);
        return state.Names.Where(name => name.EndsWith("weight", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal)).Sum(name => state.Tensor(name).NumberOfElements * 4);
    }

    private static void Forward(RoFormerEncoder encoder, EncoderInput input)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        encoder.call(input);
    }

    private static void Train(RoFormerEncoder encoder, EncoderInput input, IReadOnlyList<ParameterGroup> groups, IOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        encoder.call(input).to(ScalarType.Float32).square().mean().backward();
        using (var gradients = new GradientSet(groups))
        {
            optimizer.Step(gradients, learningRate: 1e-4);
        }

        GradientSet.Clear(groups);
    }
}
