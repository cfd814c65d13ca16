using System.Text.Json.Nodes;
using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Persistence;
using MLPipelines.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Checkpoints;

[Collection(ContractCollection.Name)]
public sealed class CheckpointConverterTests
{
    [Fact]
    public void File_of_PyTorch_becomes_safetensors_with_the_same_weights()
    {
        using var directory = CheckpointDirectory.Tiny("torch_roformer_v1_tiny.bin");
        directory.Write("tokenizer_config.json", """{ "do_lower_case": true }""");
        directory.Write("unrelated.txt", "");
        var output = directory.FilePath("out");

        var converted = CheckpointConverter.Convert(directory.Path, output);

        var original = Safetensors.Read(File.ReadAllBytes(Golden.PathOf("roformer_v1_tiny.safetensors")));
        var written = Safetensors.Read(File.ReadAllBytes(Path.Combine(output, "model.safetensors")));
        Assert.Equal(original.Keys.Except(["cls.predictions.decoder.weight", "cls.predictions.decoder.bias"]).Order(StringComparer.Ordinal), written.Keys.Order(StringComparer.Ordinal));
        Assert.All(written, tensor => Assert.True(tensor.Value.Data.Span.SequenceEqual(original[tensor.Key].Data.Span)));
        Assert.Equal(("checkpoint.roformer.v1", written.Count, written.Values.Sum(tensor => tensor.Data.Length / 4L)), (converted.Format, converted.Tensors, converted.Numbers));
        Assert.Equal(new FileInfo(Path.Combine(output, "model.safetensors")).Length, converted.Bytes);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"], Directory.EnumerateFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var stream = File.OpenRead(Path.Combine(output, "model.safetensors"));
        Assert.Equal("pt", Safetensors.ReadMetadata(stream)["format"]);
        using var checkpoint = EncoderCheckpoint.Load(output);
        Assert.NotNull(checkpoint.LanguageModelHead);
    }

    [Theory]
    [InlineData("float16", "F16", 1e-3)]
    [InlineData("bfloat16", "BF16", 8e-3)]
    public void Precision_is_converted_and_recorded(string precision, string type, double tolerance)
    {
        using var directory = CheckpointDirectory.Tiny();
        var output = directory.FilePath("out");

        CheckpointConverter.Convert(directory.Path, output, precision);

        Assert.All(Safetensors.Read(File.ReadAllBytes(Path.Combine(output, "model.safetensors"))).Values, tensor => Assert.Equal(type, tensor.DType));
        Assert.Equal(precision, (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(output, "config.json")))!["torch_dtype"]);
        using var scope = NewDisposeScope();
        using var before = EncoderCheckpoint.Load(directory.Path);
        using var after = EncoderCheckpoint.Load(output);
        foreach (var (name, expected) in ((nn.Module)before.Encoder).state_dict())
            Assert.InRange(Golden.Distance(expected, ((nn.Module)after.Encoder).state_dict()[name]), 0, tolerance * expected.abs().max().ToDouble());
        Assert.InRange(new FileInfo(Path.Combine(output, "model.safetensors")).Length, 0, (0.55 * new FileInfo(directory.FilePath("model.safetensors")).Length) + 1000);
    }

    [Fact]
    public void Output_map_of_its_own_and_heads_for_tasks_are_kept()
    {
        using var directory = CheckpointDirectory.Tiny().Weights(tensors =>
        {
            var data = tensors["cls.predictions.decoder.weight"].Data.ToArray();
            data[0] ^= 1;
            tensors["cls.predictions.decoder.weight"] = new("F32", [50, 32], data);
            tensors["classifier.weight"] = new("F32", [2, 32], new byte[256]);
        });
        CheckpointConverter.Convert(directory.Path, directory.FilePath("out"));

        var written = Safetensors.Read(File.ReadAllBytes(directory.FilePath("out/model.safetensors"))).Keys;

        Assert.Contains("cls.predictions.decoder.weight", written);
        Assert.Contains("classifier.weight", written);
    }

    [Fact]
    public void File_by_itself_keeps_every_tensor()
    {
        using var directory = CheckpointDirectory.Tiny();
        var converted = CheckpointConverter.Convert(Golden.PathOf("torch_tensors.bin"), directory.FilePath("out"), "float16");

        var written = Safetensors.Read(File.ReadAllBytes(directory.FilePath("out/model.safetensors")));

        Assert.Equal((null, written.Count), (converted.Format, converted.Tensors));
        Assert.Equal("F16", written["f32"].DType);
        Assert.Equal("I64", written["i64"].DType);
        Assert.Single(Directory.EnumerateFiles(directory.FilePath("out")));
    }

    [Fact]
    public void Directory_can_be_converted_in_place()
    {
        using var directory = CheckpointDirectory.Tiny();

        CheckpointConverter.Convert(directory.Path, directory.Path, "bfloat16");

        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        Assert.Equal(3, Directory.EnumerateFileSystemEntries(directory.Path).Count());
        Assert.All(Safetensors.Read(File.ReadAllBytes(directory.FilePath("model.safetensors"))).Values, tensor => Assert.Equal("BF16", tensor.DType));
    }

    [Fact]
    public void Nothing_is_left_behind_when_it_fails()
    {
        using var directory = CheckpointDirectory.Tiny().Weights(tensors => tensors["roformer.embeddings.LayerNorm.bias"] = new("F32", [32], Enumerable.Repeat(BitConverter.GetBytes(1e6f), 32).SelectMany(bytes => bytes).ToArray()));
        Directory.CreateDirectory(directory.FilePath("out"));

        Assert.Contains("it holds a value that F16 cannot", Assert.Throws<ArgumentException>(() => CheckpointConverter.Convert(directory.Path, directory.FilePath("out"), "float16")).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.FilePath("out")));
        Assert.Throws<ArgumentException>(() => CheckpointConverter.Convert(directory.Path, directory.FilePath("new"), "float16"));
        Assert.False(Directory.Exists(directory.FilePath("new")));
    }

    [Fact]
    public void Unknown_input_and_precision_are_refused()
    {
        using var directory = CheckpointDirectory.Tiny();
        Assert.Contains("there is no such directory or file (none)", Assert.Throws<DataFormatException>(() => CheckpointConverter.Convert("none", directory.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no precision 'float8'", Assert.Throws<ArgumentException>(() => CheckpointConverter.Convert(directory.Path, directory.Path, "float8")).Message, StringComparison.Ordinal);
    }
}
