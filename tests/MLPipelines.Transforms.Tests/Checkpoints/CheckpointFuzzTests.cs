using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Checkpoints;

/// <summary>Whatever the files of a checkpoint contain: it is loaded, or refused with an error of the file.</summary>
[Collection(ContractCollection.Name)]
public sealed class CheckpointFuzzTests
{
    [Theory]
    [InlineData("config.json", 150)]
    [InlineData("tokenizer_config.json", 60)]
    [InlineData("vocab.txt", 60)]
    [InlineData("model.safetensors", 100)]
    [InlineData("pytorch_model.bin", 100)]
    public void Any_damage_is_loaded_or_refused(string name, int times)
    {
        using var directory = CheckpointDirectory.Tiny(name == "pytorch_model.bin" ? "torch_roformer_v1_tiny.bin" : "roformer_v1_tiny.safetensors");
        directory.Write("tokenizer_config.json", """{ "do_lower_case": true, "strip_accents": null, "tokenize_chinese_chars": true, "do_basic_tokenize": true }""");
        var path = directory.FilePath(name);
        var file = File.ReadAllBytes(path);

        Prop.ForAll(Damaged(file).ToArbitrary(), damaged =>
        {
            File.WriteAllBytes(path, damaged);
            try
            {
                EncoderCheckpoint.Load(directory.Path).Dispose();
            }
            catch (Exception exception) when (exception is DataFormatException or InvalidDataException)
            {
                Assert.StartsWith("MLP", exception.Message, StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
    }

    // Most of a file is weights; what describes them is at the ends.
    static Gen<byte[]> Damaged(byte[] file)
        => from count in Gen.Choose(1, 3)
           from places in Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, file.Length - 1), Gen.Choose(0, Math.Min(file.Length, 4000) - 1), Gen.Choose(Math.Max(0, file.Length - 4000), file.Length - 1)), count)
           from values in Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 255), Gen.Elements("0123456789{}[],:\"-.e".Select(character => (int)character).ToArray())), count)
           from cut in Gen.Frequency((9, Gen.Constant(file.Length)), (1, Gen.Choose(0, file.Length)))
           select Changed(file, places, values, cut);

    static byte[] Changed(byte[] file, int[] places, int[] values, int cut)
    {
        var changed = (byte[])file.Clone();
        for (var i = 0; i < places.Length; i++) changed[places[i]] = (byte)values[i];
        return changed[..cut];
    }
}
