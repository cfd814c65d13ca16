using MLPipelines.Persistence;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class ConvertTests : IDisposable
{
    private const string Config = """{ "model_type": "roformer", "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64 }""";

    private readonly string folder = Directory.CreateTempSubdirectory("mlp-convert-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Checkpoint_becomes_safetensors_in_another_precision()
    {
        var (input, output) = (Checkpoint(), Path.Combine(folder, "converted"));

        var run = ToolRun.Of("convert", input, output, "--dtype", "bfloat16").Succeeded();

        Assert.Contains($"Wrote {output}: checkpoint.roformer.v1, 41 tensors, 19,986 numbers, ", run.Error, StringComparison.Ordinal);
        var tensors = Safetensors.Read(File.ReadAllBytes(Path.Combine(output, "model.safetensors")));
        Assert.All(tensors.Values, tensor => Assert.Equal("BF16", tensor.DType));
        Assert.Contains("\"torch_dtype\": \"bfloat16\"", File.ReadAllText(Path.Combine(output, "config.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Single_file_is_converted() => ToolRun.Of("convert", Golden("torch_tensors.bin"), Path.Combine(folder, "converted")).Succeeded();

    [Fact]
    public void Wrong_input_is_refused_and_nothing_is_written()
    {
        var output = Path.Combine(folder, "converted");
        ToolRun.Of("convert", "no-such", output).FailedWith(Tool.BadInput, "no-such", "there is no such directory or file");
        ToolRun.Of("convert", Golden("torch_program.bin"), output).FailedWith(Tool.BadInput, "MLP039", "refers to '__builtin__.print'", "nothing in it has been executed");
        ToolRun.Of("convert", Golden("torch_old.bin"), output).FailedWith(Tool.BadInput, "MLP040", "before version 1.6", "torch.save(torch.load(");
        ToolRun.Of("convert", Golden("encoders.json"), output).FailedWith(Tool.BadInput, "MLP030", "encoders.json");
        ToolRun.Of("convert", Checkpoint("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"), output).FailedWith(Tool.BadInput, "MLP142", "missing (16)", "roformer.encoder.layer.2.attention.self.query.weight [32, 32]");
        ToolRun.Of("convert", Checkpoint(), output, "--dtype", "int8").FailedWith(Tool.BadInput, "int8", "bfloat16");
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        ToolRun.Of("convert", Checkpoint(), file).FailedWith(Tool.BadInput, "OUT-DIR", "expected a directory");
        ToolRun.Of("convert", Checkpoint()).FailedWith(Tool.BadInput, "Required argument missing");
        Assert.False(Directory.Exists(output));
    }

    private static string Golden(string name) => Path.Combine(Repository.Root, "tests/goldens", name);

    private string Checkpoint(string old = "{", string @new = "{")
    {
        var directory = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        File.Copy(Golden("torch_roformer_v1_tiny.bin"), Path.Combine(directory, "pytorch_model.bin"));
        File.WriteAllText(Path.Combine(directory, "config.json"), Config.Replace(old, @new, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(directory, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
        return directory;
    }
}
