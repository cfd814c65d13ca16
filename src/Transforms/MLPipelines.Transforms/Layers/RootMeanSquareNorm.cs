using MLPipelines.Kernels;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>x / √(mean(x²) + ε) over the last axis: no mean is subtracted, and there is no gain and no offset.</summary>
/// <param name="epsilon">Added to the mean of squares.</param>
/// <remarks>It has no parameters. Source: https://kexue.fm/archives/8998.</remarks>
public sealed class RootMeanSquareNorm(double epsilon) : nn.Module<Tensor, Tensor>(nameof(RootMeanSquareNorm)), ISumNorm
{
    /// <summary>Normalises.</summary>
    /// <param name="input">[…, H]; not changed.</param>
    /// <returns>[…, H], fresh.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        // Squares of bfloat16 and float16 would lose what the sum over a row needs.
        var wide = input.dtype is ScalarType.Float32 or ScalarType.Float64 ? input : input.to(ScalarType.Float32);
        var normed = wide.mul(wide.square().mean([-1], keepdim: true).add_(epsilon).rsqrt_());
        return (normed.dtype == input.dtype ? normed : normed.to(input.dtype)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor NormalizeSum(Tensor residual, double residualScale, Tensor branch)
    {
        if (NormKernel.CanRun(residual, branch)) return NormKernel.Run(residual, residualScale, branch, centre: false, epsilon);
        using var scope = NewDisposeScope();
        return forward(branch.add_(residual, residualScale)).MoveToOuterDisposeScope();
    }
}
