using MLPipelines.Encoders;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Encoders;

[ContractOf(typeof(RoFormerEncoder))]
public sealed class RoFormerEncoderContract : EncoderContractTests
{
    // Approved against the names and shapes of the Hugging Face checkpoint in tests/goldens.
    static readonly string[] s_parameters =
        [.. TinyRoFormer.Checkpoint().Where(tensor => tensor.Key.StartsWith("roformer.", StringComparison.Ordinal)).Select(tensor => $"{tensor.Key["roformer.".Length..]} [{string.Join(", ", tensor.Value.Shape)}]")];

    protected override EncoderContractCase Case => new(
        (dropout, generator) => new RoFormerEncoder(TinyRoFormer.Options with { Dropout = dropout, AttentionDropout = dropout, SparseGradients = true }, generator), s_parameters)
    {
        IsShiftInvariant = true,
    };
}
