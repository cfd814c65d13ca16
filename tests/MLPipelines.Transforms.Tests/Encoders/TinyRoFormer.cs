using MLPipelines.Encoders;
using MLPipelines.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Encoders;

/// <summary>The small Hugging Face model of tests/goldens.</summary>
static class TinyRoFormer
{
    public static RoFormerEncoder.Options Options { get; } = new()
    {
        VocabularySize = 50, HiddenSize = 32, Layers = 2, Heads = 4, IntermediateSize = 64, MaximumLength = 64, SparseGradients = false, Dropout = 0, AttentionDropout = 0,
    };

    public static IReadOnlyDictionary<string, TensorData> Checkpoint()
    {
        using var file = File.OpenRead(Golden.PathOf("roformer_v1_tiny.safetensors"));
        return Safetensors.Read(file);
    }

    public static RoFormerEncoder Load(ScalarType dtype)
    {
        var encoder = new RoFormerEncoder(Options);
        ModuleWeights.Import(encoder, Checkpoint(), "encoder.roformer.v1", "roformer.");
        encoder.eval();
        return encoder.to(dtype);
    }

    public static EncoderInput Input(Golden golden) => new(golden.Tensor("inputs", "input_ids"), golden.Tensor("inputs", "attention_mask").to(ScalarType.Bool), golden.Tensor("inputs", "token_type_ids"));
}
