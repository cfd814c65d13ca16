using System.CommandLine;
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
        command.SetAction(parsed =>
        {
            var (path, where) = (parsed.GetValue(folder)!, new Device(parsed.GetValue(device)!));
            using var scope = NewDisposeScope();
            bool[] agree = [Rope(path, where), Encoder(path, where), Head(path, where), Loss(path, where)];
            return agree.All(fine => fine) ? 0 : 1;
        });
        return command;
    }

    private static bool Rope(string folder, Device device)
    {
        var golden = new GoldenFile(Path.Combine(folder, "rope.json"));
        var query = golden.Tensor("inputs", "q ");
        using var rope = new RotaryEmbedding((int)query.shape[^1], (int)query.shape[1]);
        return Agrees("rope", rope.Rotate(query.to(device)), golden.Tensor("outputs", "q_rotated"), 1e-9);
    }

    private static bool Encoder(string folder, Device device)
    {
        var golden = new GoldenFile(Path.Combine(folder, "roformer_v1_tiny.json"));
        using var encoder = new RoFormerEncoder(new RoFormerEncoder.Options
        {
            VocabularySize = Size("vocab_size"), HiddenSize = Size("hidden_size"), Layers = Size("num_hidden_layers"), Heads = Size("num_attention_heads"),
            IntermediateSize = Size("intermediate_size"), MaximumLength = Size("max_position_embeddings"),
        });
        using (var stream = File.OpenRead(Path.Combine(folder, "roformer_v1_tiny.safetensors")))
        {
            Load(encoder, Safetensors.Read(stream, "roformer_v1_tiny.safetensors"), "roformer.");
        }

        encoder.eval();
        encoder.to(device);
        var mask = golden.Tensor("inputs", "attention_mask").to(ScalarType.Bool).to(device);
        var input = new EncoderInput(golden.Tensor("inputs", "input_ids").to(device), mask, golden.Tensor("inputs", "token_type_ids").to(device));
        var states = golden.Find("outputs_float64", "hidden_states");
        using var noGrad = no_grad();
        var hidden = encoder.call(input);
        var expected = GoldenFile.ToTensor(states.EnumerateArray().Last());

        // What padding positions hold is nobody's business.
        var real = mask.to(CPU).unsqueeze(-1);
        return Agrees("encoder", hidden.to(CPU).mul(real), expected.mul(real), 2e-5);

        int Size(string key) => golden.Find("config", key).GetInt32();
    }

    private static bool Head(string folder, Device device)
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
        return Agrees("global pointer", logits, golden.Tensor("outputs", "logits_rope").masked_fill(cells.logical_not(), 0), 5e-5);
    }

    private static bool Loss(string folder, Device device)
    {
        var golden = new GoldenFile(Path.Combine(folder, "zlpr.json"));
        var scores = golden.Tensor("hard", "scores").to(device).requires_grad_(true);
        var loss = new ZlprLoss(new ZlprLoss.Options { Reduction = Reduction.Sum }).Compute(scores, golden.Tensor("hard", "labels").to(device));
        loss.backward();
        return Agrees("zlpr loss", loss, golden.Tensor("hard", "loss_per_row").sum(), 1e-9)
            & Agrees("zlpr gradient", scores.grad!, golden.Tensor("hard", "grad_of_sum"), 1e-7);
    }

    private static void Load(nn.Module module, IReadOnlyDictionary<string, TensorData> weights, string prefix)
    {
        using var noGrad = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
        {
            var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(weights[prefix + name].Data.Span).ToArray();
            parameter.copy_(tensor(values, parameter.shape));
        }
    }

    private static bool Agrees(string name, Tensor actual, Tensor expected, double tolerance)
    {
        var difference = actual.detach().to(CPU).to(ScalarType.Float64).sub(expected).abs().max().item<double>();
        var agrees = difference <= tolerance;
        Measure.Print(new { golden = name, largest_difference = difference, tolerance, agrees });
        return agrees;
    }
}
