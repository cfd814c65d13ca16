using System.Text.Json.Nodes;
using MLPipelines.Core.Tests.Components;
using MLPipelines.Core.Tests.Contract;
using MLPipelines.Persistence;
using Xunit;

namespace MLPipelines.Core.Tests.Persistence;

public sealed class ModelPackageTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("mlpipelines-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Package_says_which_component_it_is()
    {
        var package = Package();

        Assert.Equal(("toy.mean-center.v1", "MLPipelines.Core.Tests"), (package.ComponentId, package.AssemblyName));
        Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+", package.LibraryVersion);
    }

    [Fact]
    public void Saved_package_is_read_back()
    {
        var path = Path.Combine(_folder, "model.zip");
        Package().Save(path);

        var read = ModelPackage.Load(path);

        Assert.Equal("""{"fault":"none","nested":[1,2,{"a":null}]}""", read.Options.ToJsonString());
        Assert.Equal(BitConverter.GetBytes(1.5f), read.Tensors["mean"].Data.ToArray());
        Assert.Equal("[PAD]\n[UNK]"u8.ToArray(), read.File("vocab.txt"));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Equal_packages_give_equal_files() => Assert.Equal(Saved(Package()), Saved(Package()));

    [Fact]
    public void Failed_save_leaves_the_old_file_and_no_other()
    {
        var path = Path.Combine(_folder, "model.zip");
        File.WriteAllText(path, "old");
        var broken = new ModelPackage(typeof(MeanCenter), [], new Dictionary<string, TensorData> { ["mean"] = new("F32", [1], BitConverter.GetBytes(float.NaN)) });

        Assert.Throws<InvalidDataException>(() => broken.Save(path));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void File_that_is_not_a_package_is_named_by_its_path()
    {
        var path = Path.Combine(_folder, "model.zip");
        File.WriteAllText(path, "not a zip");

        Assert.StartsWith($"MLP033: the file is not a readable zip ({path}).", Assert.Throws<InvalidDataException>(() => ModelPackage.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_is_named()
        => Assert.Equal("MLP033: the package of 'toy.mean-center.v1' has no file 'merges.txt' (the model). Got: vocab.txt. The file is damaged or not a model of this library.",
            Assert.Throws<InvalidDataException>(() => Package().File("merges.txt")).Message);

    [Fact]
    public void Component_that_cannot_load_is_refused()
        => Assert.Equal("MLP037: 'fruit.apple.v1' cannot load packages (MLPipelines.Core.Tests.Components.Apple). Implement IPackageLoader on the component class.",
            Assert.Throws<ArgumentException>(() => new ModelPackage(typeof(Apple), [])).Message);

    [Fact]
    public void Truncated_package_is_refused_wherever_it_ends()
    {
        var file = Saved(Package());
        for (var length = 0; length < file.Length; length += Math.Max(1, file.Length / 100))
            Assert.StartsWith("MLP03", Assert.Throws<InvalidDataException>(() => ModelPackage.Load(new MemoryStream(file[..length]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_package_is_read_or_refused()
    {
        var file = Saved(Package());
        var random = new Random(1);
        for (var i = 0; i < 3_000; i++)
        {
            var damaged = (byte[])file.Clone();
            for (var change = 0; change < 3; change++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                ModelPackage.Load(new MemoryStream(damaged), "test");
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("MLP03", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    static ModelPackage Package() => new(
        typeof(MeanCenter),
        new JsonObject { ["fault"] = "none", ["nested"] = new JsonArray(1, 2, new JsonObject { ["a"] = null }) },
        new Dictionary<string, TensorData> { ["mean"] = new("F32", [1], BitConverter.GetBytes(1.5f)) },
        new Dictionary<string, byte[]> { ["vocab.txt"] = "[PAD]\n[UNK]"u8.ToArray() });

    static byte[] Saved(ModelPackage package)
    {
        using var stream = new MemoryStream();
        package.Save(stream);
        return stream.ToArray();
    }
}
