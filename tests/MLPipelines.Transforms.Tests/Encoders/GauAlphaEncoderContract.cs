using MLPipelines.Encoders;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Encoders;

[ContractOf(typeof(GauAlphaEncoder))]
public sealed class GauAlphaEncoderContract : EncoderContractTests
{
    static readonly ReferenceCase s_reference = new("gau_softmax_plus");

    protected override EncoderContractCase Case => new(
        (dropout, generator) => new GauAlphaEncoder((GauAlphaEncoder.Options)s_reference.Options with { Dropout = dropout, AttentionDropout = dropout }, generator),
        s_reference.Parameters)
    {
        IsShiftInvariant = true,
    };
}
