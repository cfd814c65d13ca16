using MLPipelines.Checkpoints;
using MLPipelines.Encoders;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Checkpoints;

[ContractOf(typeof(RoFormerCheckpoint))]
public sealed class RoFormerCheckpointContract : CheckpointFormatContractTests
{
    protected override CheckpointFormatContractCase Case => new(
        new RoFormerCheckpoint(),
        new RoFormerEncoder.Options
        {
            VocabularySize = 24, EmbeddingSize = 6, HiddenSize = 8, Layers = 2, Heads = 2, IntermediateSize = 20, KeySize = 6, Activation = "gelu_new", MaximumLength = 16, TokenTypes = 3,
            RotaryValue = true, Epsilon = 1e-7, InitializerRange = 0.5, Dropout = 0.3, AttentionDropout = 0.2,
        },
        ["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads"]);
}
