using MLPipelines.Checkpoints;
using MLPipelines.Encoders;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Checkpoints;

[ContractOf(typeof(RoFormerV2Checkpoint))]
public sealed class RoFormerV2CheckpointContract : CheckpointFormatContractTests
{
    protected override CheckpointFormatContractCase Case => new(
        new RoFormerV2Checkpoint(),
        new RoFormerV2Encoder.Options
        {
            VocabularySize = 24, EmbeddingSize = 6, HiddenSize = 8, Layers = 2, Heads = 2, IntermediateSize = 20, Activation = "gelu", MaximumLength = 16, TokenTypes = 3, Epsilon = 1e-7,
            Dropout = 0.3, AttentionDropout = 0.2,
        },
        ["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads"]);
}
