using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Core.Tests.Contract;
using MLPipelines.Persistence;
using Xunit;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Packages made to do harm: each is refused with a message that says why.</summary>
public sealed class HostilePackageTests
{
    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a..b")]
    [InlineData(".hidden")]
    [InlineData("")]
    [InlineData("name\n")]
    public void File_name_that_could_leave_the_folder_is_refused(string name)
    {
        Assert.StartsWith("MLP038: ", Assert.Throws<ArgumentException>(() => new ModelPackage(typeof(MeanCenter), [], files: new Dictionary<string, byte[]> { [name] = [] })).Message, StringComparison.Ordinal);
        Refused("MLP033: a file name is not allowed", manifest => manifest["files"] = new JsonArray(name));
    }

    [Theory]
    [InlineData("System.IO, Version=1.0.0.0")]
    [InlineData("../plugin")]
    [InlineData("a b")]
    [InlineData("")]
    public void Assembly_name_that_is_not_simple_is_refused(string name) => Refused("MLP033: the assembly name is not a simple name", manifest => manifest["assembly"] = name);

    [Fact]
    public void Later_format_is_refused()
        => Refused("MLP033: the package has another format (test). Expected: 1. Got: 2; a later version of the library made it.", manifest => manifest["format"] = 2);

    [Theory]
    [InlineData("format")]
    [InlineData("component")]
    [InlineData("assembly")]
    [InlineData("libraryVersion")]
    [InlineData("options")]
    [InlineData("files")]
    public void Manifest_without_a_field_is_refused(string field)
    {
        Refused("MLP033: the manifest is not valid", manifest => manifest.Remove(field));
        Refused("MLP033: the manifest is not valid", manifest => manifest[field] = null);
    }

    [Fact]
    public void Manifest_with_an_unknown_field_is_refused() => Refused("MLP033: the manifest is not valid", manifest => manifest["extra"] = 1);

    [Fact]
    public void Null_as_a_file_name_is_refused() => Refused("MLP033: a file name is not allowed", manifest => manifest["files"] = new JsonArray((JsonNode?)null));

    [Fact]
    public void File_listed_twice_is_refused() => Refused("MLP033: a file is listed twice", manifest => manifest["files"] = new JsonArray("a", "a"));

    [Fact]
    public void File_listed_but_absent_is_refused() => Refused("MLP033: the part 'files/b' is missing (test)", manifest => manifest["files"] = new JsonArray("b"));

    [Fact]
    public void File_that_unpacks_to_too_much_is_refused()
    {
        var bomb = Zip(
            ("manifest.json", Manifest(manifest => manifest["files"] = new JsonArray("a"))), ("weights.safetensors", TensorFiles.Write([])), ("files/a", new byte[ModelPackage.MaximumUnpackedLength + 1]));

        Assert.True(bomb.Length < 1 << 20);
        Assert.StartsWith("MLP033: the part 'files/a' is too long (test).", Message(bomb), StringComparison.Ordinal);
        Assert.StartsWith(
            "MLP033: the part 'files/b' is too long (test). Expected: at most 268435456 bytes in all files together.",
            Message(Zip(
                ("manifest.json", Manifest(manifest => manifest["files"] = new JsonArray("a", "b"))), ("weights.safetensors", TensorFiles.Write([])),
                ("files/a", new byte[ModelPackage.MaximumUnpackedLength / 2]), ("files/b", new byte[(ModelPackage.MaximumUnpackedLength / 2) + 1]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_unpack_to_too_much_are_refused()
    {
        var bomb = Zip(("manifest.json", Manifest(_ => { })), ("weights.safetensors", new byte[ModelPackage.MaximumUnpackedLength + (2 << 20)]));

        Assert.True(bomb.Length < 2 << 20);
        Assert.StartsWith("MLP033: the part 'weights.safetensors' unpacks to too much (test). Expected: at most 268435456 bytes more than it has in the zip.", Message(bomb), StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_that_is_not_an_object_is_refused()
    {
        Assert.StartsWith("MLP033: the manifest is not valid (test).", Message(Zip(("manifest.json", "{"u8.ToArray()))), StringComparison.Ordinal);
        Assert.StartsWith("MLP033: the manifest is empty (test).", Message(Zip(("manifest.json", "null"u8.ToArray()))), StringComparison.Ordinal);
        Assert.StartsWith("MLP033: the manifest is too long (test). Expected: at most 1048576 bytes.", Message(Zip(("manifest.json", new byte[2 << 20]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Zip_of_something_else_is_refused() => Assert.StartsWith("MLP033: the part 'manifest.json' is missing (test).", Message(Zip(("readme.txt", [1]))), StringComparison.Ordinal);

    [Fact]
    public void Package_without_weights_is_refused()
        => Assert.StartsWith("MLP033: the part 'weights.safetensors' is missing (test).", Message(Zip(("manifest.json", Manifest(_ => { })))), StringComparison.Ordinal);

    [Fact]
    public void Broken_weights_are_refused()
        => Assert.StartsWith("MLP030: the file is too short (test, weights.safetensors).", Message(Zip(("manifest.json", Manifest(_ => { })), ("weights.safetensors", [1]))), StringComparison.Ordinal);

    [Fact]
    public void Assembly_that_the_application_lacks_is_named()
        => Assert.Equal(
            "MLP034: the model's component 'toy.mean-center.v1' needs the assembly 'Acme.Plugin', which this application does not have. Reference the package that contains 'Acme.Plugin'.",
            Assert.Throws<InvalidOperationException>(() => LoadablePackage.Load(new MLContext(), Loaded(manifest => manifest["assembly"] = "Acme.Plugin"))).Message);

    [Fact]
    public void Component_that_the_assembly_lacks_is_named()
        => Assert.Equal(
            "MLP035: the assembly 'MLPipelines.Core.Tests' has no loadable component 'fruit.apple.v1'. Expected: one of 'toy.mean-center.v1'. Update the package that contains it to the version that made the model, or later.",
            Assert.Throws<InvalidOperationException>(() => LoadablePackage.Load(new MLContext(), Loaded(manifest => manifest["component"] = "fruit.apple.v1"))).Message);

    static void Refused(string message, Action<JsonObject> change)
        => Assert.StartsWith(message, Message(Zip(("manifest.json", Manifest(change)), ("weights.safetensors", TensorFiles.Write([])), ("files/a", [1]))), StringComparison.Ordinal);

    static ModelPackage Loaded(Action<JsonObject> change)
        => ModelPackage.Load(new MemoryStream(Zip(("manifest.json", Manifest(change)), ("weights.safetensors", TensorFiles.Write([])))));

    static string Message(byte[] file) => Assert.Throws<InvalidDataException>(() => ModelPackage.Load(new MemoryStream(file), "test")).Message;

    static byte[] Manifest(Action<JsonObject> change)
    {
        var manifest = new JsonObject
        {
            ["format"] = 1, ["component"] = "toy.mean-center.v1", ["assembly"] = "MLPipelines.Core.Tests", ["libraryVersion"] = "0.1.0", ["options"] = new JsonObject(), ["files"] = new JsonArray(),
        };
        change(manifest);
        return Encoding.UTF8.GetBytes(manifest.ToJsonString());
    }

    static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
