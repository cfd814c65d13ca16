using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Persistence;
using MLPipelines.Testing;
using MLPipelines.Transforms.Tests.Encoders;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Checkpoints;

/// <summary>The models of goldens/encoders.json, written as checkpoints with published names and keys, give their numbers when they are loaded.</summary>
[Collection(ContractCollection.Name)]
public sealed class ReferenceCheckpointTests
{
    const string Common = "\"vocab_size\": 20, \"type_vocab_size\": 2, \"max_position_embeddings\": 16, \"hidden_size\": 8, \"num_hidden_layers\": 2, \"layer_norm_eps\": 1e-12, \"pad_token_id\": 0";
    const string V1 = "\"model_type\": \"roformer\", \"num_attention_heads\": 2, \"intermediate_size\": 12, \"hidden_act\": \"gelu\", " + Common;
    const string V2 = "\"model_type\": \"roformer\", \"norm_type\": \"rms_norm\", \"use_bias\": false, \"hidden_act\": \"relu\", \"num_attention_heads\": 2, \"intermediate_size\": 12, " + Common;
    const string Gau = "\"model_type\": \"gau_alpha\", \"hidden_act\": \"swish\", \"intermediate_size\": 10, \"attention_key_size\": 6, \"attention_scale\": true, " + Common;

    static readonly Golden s_golden = new("encoders.json");

    [Theory]
    [InlineData("v1", "checkpoint.roformer.v1", V1)]
    [InlineData("v1_narrow_embedding_gelu_tanh", "checkpoint.roformer.v1", "\"embedding_size\": 6, " + V1, "gelu_new")]
    [InlineData("v1_rotary_values", "checkpoint.roformer.v1", "\"rotary_value\": true, " + V1)]
    [InlineData("v1_key_size", "checkpoint.roformer.v1", "\"attention_key_size\": 6, " + V1)]
    [InlineData("v2", "checkpoint.roformer-v2.v1", V2)]
    [InlineData("gau_softmax_plus", "checkpoint.gau-alpha.v1", "\"normalization\": \"softmax_plus\", \"use_bias\": false, " + Gau)]
    [InlineData("gau_softmax", "checkpoint.gau-alpha.v1", "\"normalization\": \"softmax\", " + Gau)]
    [InlineData("gau_squared_relu", "checkpoint.gau-alpha.v1", "\"normalization\": \"squared_relu\", " + Gau)]
    [InlineData("gau_with_biases", "checkpoint.gau-alpha.v1", "\"use_bias\": true, " + Gau)]
    public void Checkpoint_gives_the_numbers_of_the_reference(string name, string format, string keys, string? activation = null)
    {
        var reference = s_golden["cases"].EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        var config = JsonNode.Parse($"{{ {keys} }}")!;
        if (activation is not null) config["hidden_act"] = activation;
        var prefix = (string)config["model_type"]! + ".";
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("config.json", config.ToJsonString());
        directory.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
        directory.Weights(tensors =>
        {
            tensors.Clear();
            Add(prefix, "weights");
            Add("cls.predictions.", "head");
            if (reference.TryGetProperty("pooler", out _) && format != "checkpoint.gau-alpha.v1") Add(prefix + "pooler.", "pooler");
            tensors["cls.predictions.decoder.weight"] = tensors[prefix + "embeddings.word_embeddings.weight"];

            void Add(string prefix, string part)
            {
                foreach (var (parameter, tensor) in ReferenceCase.Tensors(reference.GetProperty(part))) tensors.Add(prefix + parameter, tensor);
            }
        });

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var checkpoint = EncoderCheckpoint.Load(directory.Path, new() { PoolerActivation = "linear" });
        Assert.Equal(format, checkpoint.Format);
        var states = ((IHiddenStates)checkpoint.Encoder).HiddenStates(ReferenceCase.Input());
        var expected = Outputs("hidden_states").EnumerateArray().Select(Golden.ToTensor).ToList();
        Assert.Equal(expected.Count, states.Count);
        foreach (var (hidden, state) in expected.Zip(states)) Assert.InRange(Golden.Distance(hidden, state), 0, 2e-5);
        var logits = checkpoint.LanguageModelHead!.call(states[^1], ((IMaskedLanguageModel)checkpoint.Encoder).TokenWeights);
        Assert.InRange(Golden.Distance(Golden.ToTensor(Outputs("mlm_logits")), logits), 0, 5e-5);
        if (checkpoint.Pooler is not null) Assert.InRange(Golden.Distance(Golden.ToTensor(Outputs("pooled_linear")), checkpoint.Pooler.call(states[^1])), 0, 5e-5);
        Assert.Equal(format != "checkpoint.gau-alpha.v1", checkpoint.Pooler is not null);

        JsonElement Outputs(string output) => reference.GetProperty("outputs").GetProperty(output);
    }
}
