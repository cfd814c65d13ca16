using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using MLPipelines.Testing;
using MLPipelines.Tokenizers;
using MLPipelines.Transforms.Tests.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Checkpoints;

[Collection(ContractCollection.Name)]
public sealed class EncoderCheckpointTests
{
    readonly Golden _golden = new("roformer_v1_tiny.json");

    [Theory]
    [InlineData("roformer_v1_tiny.safetensors")]
    [InlineData("torch_roformer_v1_tiny.bin")]
    public void Loaded_model_gives_the_numbers_of_the_reference(string weights)
    {
        using var directory = CheckpointDirectory.Tiny(weights);
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        Assert.Equal("checkpoint.roformer.v1", checkpoint.Format);
        Assert.Empty(checkpoint.Warnings);
        Assert.Null(checkpoint.Pooler);
        CheckOutputs(checkpoint);
    }

    [Fact]
    public void Saved_model_gives_them_too()
    {
        using var directory = CheckpointDirectory.Tiny();
        var other = directory.FilePath("saved");
        using (var first = EncoderCheckpoint.Load(directory.Path)) EncoderCheckpoint.Save(other, first.Encoder, first.Tokenizer, new(LanguageModelHead: first.LanguageModelHead));

        using var checkpoint = EncoderCheckpoint.Load(other);

        CheckOutputs(checkpoint);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"], Directory.EnumerateFiles(other).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Pooler_gives_the_numbers_of_the_reference()
    {
        var golden = new Golden("roformer_v1_tiny_pooler.json");
        using var directory = CheckpointDirectory.Tiny().Weights(tensors =>
        {
            foreach (var part in new[] { "weight", "bias" })
            {
                using var value = golden.Tensor("pooler_dense_" + part).to(ScalarType.Float32);
                tensors["roformer.pooler.dense." + part] = new("F32", value.shape, value.bytes.ToArray());
            }
        });
        foreach (var activation in new[] { "tanh", "linear" })
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var checkpoint = EncoderCheckpoint.Load(directory.Path, new() { PoolerActivation = activation });
            var pooled = checkpoint.Pooler!.call(checkpoint.Encoder.forward(TinyRoFormer.Input(_golden)));
            Assert.InRange(Golden.Distance(golden.Tensor("pooled_" + activation), pooled), 0, 2e-5);
        }
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        using var directory = CheckpointDirectory.Tiny().Weights(tensors =>
        {
            foreach (var (name, tensor) in tensors.ToList())
            {
                using var values = tensor.ToTensor().to(name.Contains("bias", StringComparison.Ordinal) ? ScalarType.Float16 : ScalarType.BFloat16);
                tensors[name] = new(values.dtype == ScalarType.Float16 ? "F16" : "BF16", values.shape, values.bytes.ToArray());
            }
        });
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        Assert.All(((nn.Module)checkpoint.Encoder).parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        var states = ((IHiddenStates)checkpoint.Encoder).HiddenStates(TinyRoFormer.Input(_golden));
        Assert.InRange(Golden.Distance(Golden.ToTensor(_golden["outputs_float64", "hidden_states"].EnumerateArray().Last()), states[^1]), 0, 0.1);
        using var weight = checkpoint.Encoder is IMaskedLanguageModel model ? model.TokenWeights : null;
        Assert.Equal(0, Golden.Distance(TinyRoFormer.Checkpoint()["roformer.embeddings.word_embeddings.weight"].ToTensor().to(ScalarType.BFloat16), weight!));
    }

    [Fact]
    public void Bare_encoder_without_prefix_is_loaded()
    {
        using var directory = CheckpointDirectory.Tiny().Weights(tensors =>
        {
            foreach (var (name, tensor) in tensors.ToList())
            {
                tensors.Remove(name);
                if (name.StartsWith("roformer.", StringComparison.Ordinal)) tensors[name["roformer.".Length..]] = tensor;
            }
        });
        using var scope = NewDisposeScope();
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        Assert.Null(checkpoint.LanguageModelHead);
        CheckHidden(checkpoint);
    }

    // Libraries that write shared tensors once keep either name.
    [Fact]
    public void Tied_tensors_are_found_under_either_name()
    {
        using var directory = CheckpointDirectory.Tiny().Weights(tensors =>
        {
            tensors.Remove("roformer.embeddings.word_embeddings.weight");
            tensors.Remove("cls.predictions.bias");
        });
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        CheckOutputs(checkpoint);
    }

    [Fact]
    public void Output_map_of_its_own_leaves_the_head_out()
    {
        using var directory = CheckpointDirectory.Tiny().Weights(tensors =>
        {
            var data = tensors["cls.predictions.decoder.weight"].Data.ToArray();
            data[0] ^= 1;
            tensors["cls.predictions.decoder.weight"] = new("F32", [50, 32], data);
        });
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        Assert.Null(checkpoint.LanguageModelHead);
        Assert.Contains("is not the token embedding", Assert.Single(checkpoint.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Head_for_a_task_is_named_and_left_out()
    {
        using var directory = CheckpointDirectory.Tiny().Weights(tensors => tensors["classifier.weight"] = new("F32", [2, 32], new byte[256]));
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        Assert.EndsWith("a head for a task, which is not loaded: classifier.weight.", Assert.Single(checkpoint.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_replace_what_the_checkpoint_says()
    {
        using var directory = CheckpointDirectory.Tiny();
        using var generator = new Generator(1);
        using var checkpoint = EncoderCheckpoint.Load(directory.Path, new() { MaximumLength = 9, Dropout = 0.4, Generator = generator, SparseGradients = false, LowerCase = false });
        Assert.Equal(TinyRoFormer.Options with { MaximumLength = 9, Dropout = 0.4, AttentionDropout = 0.4, EmbeddingSize = 32, InitializerRange = 0.02 }, checkpoint.Encoder.Settings);
        Assert.Equal(false, ((WordPieceTextTokenizer)checkpoint.Tokenizer).Settings.LowerCase);
        CheckHidden(checkpoint, rows: 9);
    }

    [Fact]
    public void Nothing_is_written_when_a_weight_is_not_finite()
    {
        using var directory = CheckpointDirectory.Tiny();
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        using (no_grad()) ((nn.Module)checkpoint.Encoder).parameters().First().fill_(double.NaN);
        var before = File.ReadAllBytes(directory.FilePath("model.safetensors"));

        var error = Assert.Throws<InvalidDataException>(() => EncoderCheckpoint.Save(directory.Path, checkpoint.Encoder, checkpoint.Tokenizer));

        Assert.Contains("MLP031", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(directory.FilePath("model.safetensors")));
        Assert.Equal(3, Directory.EnumerateFileSystemEntries(directory.Path).Count());
    }

    [Fact]
    public void What_no_format_can_hold_is_not_saved()
    {
        using var directory = CheckpointDirectory.Tiny();
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        using var gau = new GauAlphaEncoder(new() { VocabularySize = 50, HiddenSize = 8, Layers = 1, AttentionKeySize = 4 });
        using var pooler = new FirstTokenPooler(8);
        Assert.Contains("MLP146: the pooler is not one of the encoder's family", Assert.Throws<ArgumentException>(() => EncoderCheckpoint.Save(directory.Path, gau, checkpoint.Tokenizer, new(pooler))).Message, StringComparison.Ordinal);
    }

    void CheckOutputs(EncoderCheckpoint checkpoint)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var hidden = CheckHidden(checkpoint);
        var model = (IMaskedLanguageModel)checkpoint.Encoder;
        Assert.InRange(Golden.Distance(_golden.Tensor("outputs_float64", "mlm_logits"), checkpoint.LanguageModelHead!.call(hidden, model.TokenWeights)), 0, 5e-5);
    }

    Tensor CheckHidden(EncoderCheckpoint checkpoint, int? rows = null)
    {
        using var noGrad = no_grad();
        var input = TinyRoFormer.Input(_golden);
        var expected = _golden["outputs_float64", "hidden_states"].EnumerateArray().Select(Golden.ToTensor).ToList();
        if (rows is { } count)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Encoder.forward(input));
            return expected[0];
        }

        var states = ((IHiddenStates)checkpoint.Encoder).HiddenStates(input);
        Assert.Equal(expected.Count, states.Count);
        foreach (var (reference, state) in expected.Zip(states)) Assert.InRange(Golden.Distance(reference, state), 0, 2e-5);
        return states[^1];
    }
}
