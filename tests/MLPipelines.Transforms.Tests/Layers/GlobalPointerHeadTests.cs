using MLPipelines.Layers;
using MLPipelines.Spans;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class GlobalPointerHeadTests
{
    readonly Golden _golden = new("global_pointer.json");

    [Theory]
    [InlineData(true, ScalarType.Float64, 5e-7)]
    [InlineData(false, ScalarType.Float64, 5e-7)]
    [InlineData(true, ScalarType.Float32, 5e-5)]
    public void Logits_match_the_reference(bool rotary, ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var head = new GlobalPointerHead(16, 3, 9, new() { HeadSize = 8, Rotary = rotary });
        head.load_state_dict(new() { ["dense.weight"] = _golden.Tensor("weights", "dense.weight"), ["dense.bias"] = _golden.Tensor("weights", "dense.bias") });
        var logits = head.to(dtype).call(_golden.Tensor("inputs", "x").to(dtype)); // [2, 3, 9, 9]
        var valid = SpanExtractionModel.CellMask(_golden.Tensor("inputs", "mask").to(ScalarType.Bool));
        Assert.Equal(0, Golden.Distance(_golden.Tensor("valid_cells"), valid.expand(2, 3, 9, 9)));
        var masked = logits.masked_fill(valid.logical_not(), double.NegativeInfinity);
        Assert.InRange(Golden.Distance(_golden.Tensor("outputs", rotary ? "logits_rope" : "logits_no_rope"), masked), 0, tolerance);
    }

    [Fact]
    public void Odd_widths_are_refused()
        => Assert.Contains("must be even, found 7", Assert.Throws<ArgumentException>(() => new GlobalPointerHead(16, 3, 9, new() { HeadSize = 7 })).Message, StringComparison.Ordinal);
}
