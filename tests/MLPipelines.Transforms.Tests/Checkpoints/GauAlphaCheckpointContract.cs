using MLPipelines.Checkpoints;
using MLPipelines.Encoders;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Checkpoints;

[ContractOf(typeof(GauAlphaCheckpoint))]
public sealed class GauAlphaCheckpointContract : CheckpointFormatContractTests
{
    protected override CheckpointFormatContractCase Case => new(
        new GauAlphaCheckpoint(),
        new GauAlphaEncoder.Options
        {
            VocabularySize = 24, HiddenSize = 8, Layers = 2, IntermediateSize = 12, AttentionKeySize = 6, Activation = "gelu", Normalization = "squared_relu", NormalizationLength = 16,
            HasBias = true, MaximumLength = 16, TokenTypes = 3, Epsilon = 1e-7, Dropout = 0.3, AttentionDropout = 0.2,
        },
        ["vocab_size", "hidden_size", "num_hidden_layers"]);
}
