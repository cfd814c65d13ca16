using System.Globalization;
using System.Text.Json;
using MLPipelines.Persistence;
using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Files that torch.save wrote; tests/goldens/torch_files.py made them.</summary>
public sealed class TorchFileTests
{
    [Fact]
    public void Tensors_are_read_whatever_their_type_and_layout()
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(PathOf("torch_files.json")));
        using var file = TensorFile.Open(PathOf("torch_tensors.bin"));

        Assert.Equal(expected.RootElement.EnumerateObject().Select(tensor => tensor.Name).Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var tensor in expected.RootElement.EnumerateObject())
        {
            var actual = file.Tensors[tensor.Name];
            Assert.Equal(tensor.Value.GetProperty("dtype").GetString(), actual.DType);
            Assert.Equal(tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), actual.Shape);
            Assert.Equal(tensor.Value.GetProperty("data").EnumerateArray().Select(value => value.GetDouble()), TensorFiles.Values(actual));
        }
    }

    [Fact]
    public void Weights_are_found_in_what_a_training_script_saves()
    {
        using var file = TensorFile.Open(PathOf("torch_training.bin"));

        Assert.Equal(["bias", "weight"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([2L, 2L], file.Tensors["weight"].Shape);
    }

    [Fact]
    public void Both_formats_of_a_model_have_the_same_tensors()
    {
        using var torch = TensorFile.Open(PathOf("torch_roformer_v1_tiny.bin"));
        using var safetensors = TensorFile.Open(PathOf("roformer_v1_tiny.safetensors"));

        Assert.Equal(["roformer.encoder.embed_positions.weight"], torch.Tensors.Keys.Except(safetensors.Tensors.Keys));
        Assert.All(safetensors.Tensors, tensor => Assert.Equal(TensorFiles.Values(tensor.Value), TensorFiles.Values(torch.Tensors[tensor.Key])));
    }

    [Fact]
    public void Tensors_can_be_written_as_safetensors()
    {
        using var file = TensorFile.Open(PathOf("torch_tensors.bin"));
        var written = new MemoryStream();
        Safetensors.Write(written, file.Tensors);

        var read = Safetensors.Read(written.ToArray());

        Assert.Equal(file.Tensors.Count, read.Count);
        Assert.All(file.Tensors, tensor => Assert.Equal(TensorFiles.Values(tensor.Value), TensorFiles.Values(read[tensor.Key])));
    }

    [Theory]
    [InlineData("torch_old.bin", "MLP040: the file has the format of PyTorch before version 1.6")]
    [InlineData("torch_module.bin", "the pickle refers to 'torch.nn.modules.linear.Linear'")]
    [InlineData("torch_program.bin", "the pickle refers to '__builtin__.print'")]
    public void Other_content_is_refused(string name, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => TensorFile.Open(PathOf(name)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_is_an_error_of_the_file_system() => Assert.Throws<FileNotFoundException>(() => TensorFile.Open(PathOf("none.bin")));

    static string PathOf(string name) => RepositoryFiles.Path("tests", "goldens", name);
}
