using System.CommandLine;
using System.Text.Json;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>Compares layers on a device with numbers that other people's code computed (tests/goldens); the tests do the same on the CPU in more detail.</summary>
internal static class Goldens
{
    internal static Command Command()
    {
        var folder = new Option<string>("--folder") { DefaultValueFactory = _ => "tests/goldens" };
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu" };
        var command = new Command("goldens", "Golden vectors on a device; the exit code says whether all agree.") { folder, device };
        command.SetAction(parsed => Checks.Run(Of(parsed.GetValue(folder)!, new Device(parsed.GetValue(device)!))));
        return command;
    }

    private static IEnumerable<Check> Of(string folder, Device device)
    {
        yield return new("rope", 1e-9, () => Rope(folder, device));
        yield return new("roformer v1 of other people, hidden states", 2e-5, () => Encoder(folder, device));
        yield return new("global pointer", 5e-5, () => Head(folder, device));
        yield return new("zlpr, loss and gradient", 1e-7, () => Loss(folder, device));
        var golden = new GoldenFile(Path.Combine(folder, "encoders.json"));
        foreach (var entry in golden.Find("cases").EnumerateArray())
        {
            yield return new($"encoder {Name(entry)}: hidden states, language model, poolers", 2e-5, () => Encoder(golden, entry, device));
        }

        foreach (var entry in golden.Find("attention_layers").EnumerateArray())
        {
            yield return new($"attention {Name(entry)}", 2e-5, () => Attention(golden, entry, device));
        }
    }

    private static double Rope(string folder, Device device)
    {
        var golden = new GoldenFile(Path.Combine(folder, "rope.json"));
        var query = golden.Tensor("inputs", "q ");
        using var rope = new RotaryEmbedding((int)query.shape[^1], (int)query.shape[1]);
        return Checks.Distance(rope.Rotate(query.to(device)), golden.Tensor("outputs", "q_rotated"));
    }

    private static double Encoder(string folder, Device device)
    {
        var golden = new GoldenFile(Path.Combine(folder, "roformer_v1_tiny.json"));
        using var encoder = new RoFormerEncoder(new RoFormerEncoder.Options
        {
            VocabularySize = Size("vocab_size"), HiddenSize = Size("hidden_size"), Layers = Size("num_hidden_layers"), Heads = Size("num_attention_heads"),
            IntermediateSize = Size("intermediate_size"), MaximumLength = Size("max_position_embeddings"),
        });
        using (var stream = File.OpenRead(Path.Combine(folder, "roformer_v1_tiny.safetensors")))
        {
            ModuleWeights.Import(encoder, Safetensors.Read(stream, "roformer_v1_tiny.safetensors"), "encoder.roformer.v1", "roformer.");
        }

        encoder.eval();
        encoder.to(device);
        var input = Input(golden, device);
        var states = golden.Find("outputs_float64", "hidden_states");
        using var noGrad = no_grad();
        var expected = GoldenFile.ToTensor(states.EnumerateArray().Last());

        // What padding positions hold is nobody's business.
        var real = input.Mask.to(CPU).unsqueeze(-1);
        return Checks.Distance(encoder.call(input).to(CPU).mul(real), expected.mul(real));

        int Size(string key) => golden.Find("config", key).GetInt32();
    }

    /// <summary>Of the scores of language models and poolers, which are larger than hidden states, a quarter counts.</summary>
    private static double Encoder(GoldenFile golden, JsonElement entry, Device device)
    {
        using var noGrad = no_grad();
        var info = new ComponentRegistry().AddAssembly(typeof(IEncoder).Assembly).Get(entry.GetProperty("component").GetString()!);
        var options = (IEncoderOptions)OptionsJson.Read(info.OptionsType!, entry.GetProperty("options"), info.Id);
        using var encoder = Load((nn.Module)options.Create(), entry, "weights", device);
        var outputs = entry.GetProperty("outputs");
        var states = ((IHiddenStates)encoder).HiddenStates(Input(golden, device));
        var layers = outputs.GetProperty("hidden_states");
        List<double> distances = [layers.GetArrayLength() == states.Count ? 0 : double.NaN, .. states.Zip(layers.EnumerateArray(), (state, expected) => Checks.Distance(state, GoldenFile.ToTensor(expected)))];

        var model = (IMaskedLanguageModel)encoder;
        using var head = (nn.Module<Tensor, Tensor, Tensor>)Load(model.CreateLanguageModelHead(), entry, "head", device);
        distances.Add(Checks.Distance(head.call(states[^1], model.TokenWeights), GoldenFile.ToTensor(outputs.GetProperty("mlm_logits"))) / 4);
        foreach (var activation in encoder is IPooledEncoder ? (string[])["tanh", "linear"] : [])
        {
            using var pooler = ((IPooledEncoder)encoder).CreatePooler(activation);
            Load(pooler, entry, "pooler", device);
            distances.Add(Checks.Distance(pooler.call(states[^1]), GoldenFile.ToTensor(outputs.GetProperty("pooled_" + activation))) / 4);
        }

        return distances.Aggregate(0.0, Math.Max); // NaN stays NaN
    }

    private static double Attention(GoldenFile golden, JsonElement entry, Device device)
    {
        using var noGrad = no_grad();
        var options = entry.GetProperty("options");
        using var rotary = new RotaryEmbedding(Number("keySize") ?? 2, 7);
        using var layer = new SelfAttention(
            new()
            {
                HiddenSize = Number("hiddenSize")!.Value, Heads = Number("heads")!.Value, KeySize = Number("keySize"),
                Positions = Name(entry).Contains("without", StringComparison.Ordinal) ? null : rotary,
                Kernel = AttentionKernels.Find(options.TryGetProperty("normalization", out var text) ? text.GetString()! : "softmax", Number("minimumKeys") ?? 1),
            },
            ParameterFactory.Normal(null));
        Load(layer, entry, "weights", device);
        using var mask = new AttentionMask(Input(golden, device), ScalarType.Float32);
        return Checks.Distance(layer.call(GoldenFile.ToTensor(entry.GetProperty("input")).to(ScalarType.Float32).to(device), mask), GoldenFile.ToTensor(entry.GetProperty("output")));

        int? Number(string key) => options.TryGetProperty(key, out var number) ? number.GetInt32() : null;
    }

    private static double Head(string folder, Device device)
    {
        var golden = new GoldenFile(Path.Combine(folder, "global_pointer.json"));
        var input = golden.Tensor("inputs", "x").to(ScalarType.Float32);
        using var head = new GlobalPointerHead(
            golden.Find("config", "hidden").GetInt32(), golden.Find("config", "heads").GetInt32(), (int)input.shape[1],
            new GlobalPointerHead.Options { HeadSize = golden.Find("config", "head_size").GetInt32() });
        using var noGrad = no_grad();
        foreach (var (name, parameter) in head.named_parameters())
        {
            parameter.copy_(golden.Tensor("weights", name));
        }

        head.to(device);
        var cells = golden.Tensor("valid_cells").to(ScalarType.Bool);
        var logits = head.call(input.to(device)).to(CPU).to(ScalarType.Float64).masked_fill(cells.logical_not(), 0);
        return Checks.Distance(logits, golden.Tensor("outputs", "logits_rope").masked_fill(cells.logical_not(), 0));
    }

    private static double Loss(string folder, Device device)
    {
        var golden = new GoldenFile(Path.Combine(folder, "zlpr.json"));
        var scores = golden.Tensor("hard", "scores").to(device).requires_grad_(true);
        var loss = new ZlprLoss(new ZlprLoss.Options { Reduction = Reduction.Sum }).Compute(scores, golden.Tensor("hard", "labels").to(device));
        loss.backward();
        return Math.Max(Checks.Distance(loss, golden.Tensor("hard", "loss_per_row").sum()), Checks.Distance(scores.grad!, golden.Tensor("hard", "grad_of_sum")));
    }

    private static EncoderInput Input(GoldenFile golden, Device device)
        => new(golden.Tensor("inputs", "input_ids").to(device), golden.Tensor("inputs", "attention_mask").to(ScalarType.Bool).to(device), golden.Tensor("inputs", "token_type_ids").to(device));

    private static nn.Module Load(nn.Module module, JsonElement entry, string part, Device device)
    {
        module.eval();
        ModuleWeights.Import(module, GoldenFile.Tensors(entry.GetProperty(part)), part);
        return module.to(device);
    }

    private static string Name(JsonElement entry) => entry.GetProperty("name").GetString()!;
}
