using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Testing;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Checkpoints;

/// <summary>What is refused, with which words.</summary>
[Collection(ContractCollection.Name)]
public sealed class CheckpointMismatchTests
{
    static readonly string[] s_vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"];

    public static TheoryData<string, string> Families => new()
    {
        { "roformer", "checkpoint.roformer.v1" }, { "roformer-v2", "checkpoint.roformer-v2.v1" }, { "gau-alpha", "checkpoint.gau-alpha.v1" },
    };

    // Every pair: the weights of one family beside the configuration of another.
    [Theory]
    [MemberData(nameof(Families))]
    public void Weights_of_another_family_are_refused_with_the_names_that_differ(string family, string format)
    {
        foreach (var (other, otherFormat) in Families.Select(row => ((string)row[0], (string)row[1])).Where(pair => pair.Item1 != family))
        {
            using var weights = CheckpointDirectory.Tiny();
            using var config = CheckpointDirectory.Tiny();
            Save(weights, family);
            Save(config, other);
            File.Copy(config.FilePath("config.json"), weights.FilePath("config.json"), overwrite: true);

            var error = Assert.Throws<InvalidDataException>(() => EncoderCheckpoint.Load(weights.Path));

            Assert.StartsWith($"MLP142: the weights are not those that the configuration describes ({weights.FilePath("model.safetensors")}, {otherFormat}).", error.Message, StringComparison.Ordinal);
            Assert.Matches(@"\n  (missing|unexpected) \(\d+\):\n    ", error.Message);
            Assert.Contains($"The names are those of '{format}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Names_tell_the_architecture_where_the_configuration_does_not(string family, string format)
    {
        using var directory = CheckpointDirectory.Tiny();
        Save(directory, family);
        directory.Write("config.json", """{ "vocab_size": 50, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "attention_key_size": 4 }""");

        using var checkpoint = EncoderCheckpoint.Load(directory.Path);

        Assert.Equal(format, checkpoint.Format);
    }

    [Fact]
    public void Differences_are_listed_with_shapes()
    {
        using var directory = CheckpointDirectory.Tiny().Replace("config.json", "\"intermediate_size\": 64", "\"intermediate_size\": 65").Weights(tensors =>
        {
            tensors.Remove("roformer.encoder.layer.1.attention.self.key.bias");
            tensors["roformer.encoder.layer.2.extra"] = new("F32", [2], new byte[8]);
            tensors["roformer.embeddings.LayerNorm.bias"] = new("I64", [32], new byte[256]);
        });

        var error = Assert.Throws<InvalidDataException>(() => EncoderCheckpoint.Load(directory.Path));

        Assert.Contains("\n  missing (1):\n    roformer.encoder.layer.1.attention.self.key.bias [32]\n  unexpected (1):\n    roformer.encoder.layer.2.extra F32 [2]\n  of another shape or type (7):", error.Message, StringComparison.Ordinal);
        Assert.Contains("roformer.encoder.layer.0.intermediate.dense.weight F32 [64, 32], expected [65, 32]", error.Message, StringComparison.Ordinal);
        Assert.Contains("roformer.embeddings.LayerNorm.bias I64 [32], expected [32]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_that_is_not_finite_is_refused()
    {
        using var directory = CheckpointDirectory.Tiny().Weights(tensors =>
        {
            var data = tensors["roformer.embeddings.LayerNorm.bias"].Data.ToArray();
            BitConverter.TryWriteBytes(data.AsSpan(12), float.PositiveInfinity);
            tensors["roformer.embeddings.LayerNorm.bias"] = new("F32", [32], data);
        });

        Assert.Contains("MLP031: the tensor 'roformer.embeddings.LayerNorm.bias'", Assert.Throws<InvalidDataException>(() => EncoderCheckpoint.Load(directory.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"model_type\": \"roformer\"", "\"model_type\": \"bert\"", "no known format has such a configuration ({0}). Expected: one of 'checkpoint.gau-alpha.v1', 'checkpoint.roformer-v2.v1', 'checkpoint.roformer.v1'. Got: model_type 'bert'")]
    [InlineData("\"vocab_size\": 50", "\"vocabulary\": 50", "the key 'vocab_size' is missing ({0}). Expected: a whole number")]
    [InlineData("\"vocab_size\": 50", "\"vocab_size\": \"50\"", "the value of 'vocab_size' is of another type ({0}). Expected: a whole number. Got: \"50\"")]
    [InlineData("\"vocab_size\": 50", "\"vocab_size\": 5000000000", "the value of 'vocab_size' is of another type ({0}). Expected: a whole number. Got: 5000000000")]
    [InlineData("\"vocab_size\": 50", "\"vocab_size\": 49", "the vocabulary has more entries than the model has vectors ({1}). Expected: at most 49 (vocab_size in config.json). Got: 50")]
    [InlineData("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"glue\"", "the configuration is not possible ({0}). Got: MLP008")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2000000", "the configuration is not possible ({0}). Got: MLP008")]
    [InlineData("\"use_cache\": true", "\"use_rotary_position\": false", "the setting 'use_rotary_position' is not supported ({0}). Expected: true. Got: false")]
    [InlineData("{", "[", "the configuration is not valid JSON ({0}, line 2, column")]
    [InlineData("\"use_cache\": true", "\"vocab_size\": 50", "the configuration is not valid JSON ({0}")]
    public void Configuration_that_cannot_be_honoured_is_refused(string old, string @new, string message)
    {
        using var directory = CheckpointDirectory.Tiny().Replace("config.json", old, @new);

        var error = Assert.Throws<DataFormatException>(() => EncoderCheckpoint.Load(directory.Path));

        Assert.StartsWith("MLP001: " + string.Format(null, message, directory.FilePath("config.json"), directory.FilePath("vocab.txt")), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', (byte)'a', (byte)'"', (byte)':', (byte)'"', (byte)'\\', (byte)'u', (byte)'d', (byte)'8', (byte)'0', (byte)'0', (byte)'"', (byte)'}' })]
    public void Configuration_that_is_no_text_is_refused(byte[] content)
    {
        using var directory = CheckpointDirectory.Tiny();
        File.WriteAllBytes(directory.FilePath("config.json"), content);

        Assert.Contains("the configuration holds text that is not valid UTF-8", Assert.Throws<DataFormatException>(() => EncoderCheckpoint.Load(directory.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", "the file is missing ({0}). Expected: the configuration of a checkpoint")]
    [InlineData("vocab.txt", "the vocabulary is missing ({0}). Expected: a file with one entry a line")]
    [InlineData("model.safetensors", "the directory holds no weights ({1}). Expected: model.safetensors or pytorch_model.bin. Got: config.json, vocab.txt")]
    public void Missing_file_is_named(string file, string message)
    {
        using var directory = CheckpointDirectory.Tiny();
        File.Delete(directory.FilePath(file));

        var error = Assert.Throws<DataFormatException>(() => EncoderCheckpoint.Load(directory.Path));

        Assert.StartsWith("MLP001: " + string.Format(null, message, directory.FilePath(file), directory.Path), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_directory_is_named()
        => Assert.Contains("there is no such directory (/no/where)", Assert.Throws<DataFormatException>(() => EncoderCheckpoint.Load("/no/where")).Message, StringComparison.Ordinal);

    // A configuration can claim any size; the file says how large the weights are.
    [Fact]
    public void Lie_about_a_size_takes_no_memory()
    {
        using var directory = CheckpointDirectory.Tiny().Replace("config.json", "\"vocab_size\": 50", "\"vocab_size\": 10000000").Replace("config.json", "\"hidden_size\": 32", "\"hidden_size\": 65536")
            .Replace("config.json", "\"embedding_size\": 32", "\"embedding_size\": 65536").Replace("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 100");

        var error = Assert.Throws<InvalidDataException>(() => EncoderCheckpoint.Load(directory.Path));

        Assert.Contains("expected [10000000, 65536]", error.Message, StringComparison.Ordinal);
    }

    static void Save(CheckpointDirectory directory, string family)
    {
        IEncoderOptions options = family switch
        {
            "roformer" => new RoFormerEncoder.Options { VocabularySize = 50, HiddenSize = 8, Layers = 1, Heads = 2, KeySize = 4 },
            "roformer-v2" => new RoFormerV2Encoder.Options { VocabularySize = 50, HiddenSize = 8, Layers = 1, Heads = 2 },
            _ => new GauAlphaEncoder.Options { VocabularySize = 50, HiddenSize = 8, Layers = 1, AttentionKeySize = 4 },
        };
        using var generator = new Generator(1);
        var encoder = options.Create(generator);
        EncoderCheckpoint.Save(directory.Path, encoder, new WordPieceTextTokenizer(s_vocabulary));
        ((nn.Module)encoder).Dispose();
    }
}
