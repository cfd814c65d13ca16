using MLPipelines.Encoders;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Encoders;

[ContractOf(typeof(RoFormerV2Encoder))]
public sealed class RoFormerV2EncoderContract : EncoderContractTests
{
    static readonly ReferenceCase s_reference = new("v2");

    protected override EncoderContractCase Case => new(
        (dropout, generator) => new RoFormerV2Encoder((RoFormerV2Encoder.Options)s_reference.Options with { Dropout = dropout, AttentionDropout = dropout }, generator),
        s_reference.Parameters)
    {
        IsShiftInvariant = true,
    };
}
