using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>A norm that can take the sum of a residual and a branch into its own pass over memory.</summary>
public interface ISumNorm
{
    /// <summary>N(αx + y).</summary>
    /// <param name="residual">x, [B, T, H]; not changed.</param>
    /// <param name="residualScale">The factor α.</param>
    /// <param name="branch">y, [B, T, H]; may be changed.</param>
    /// <returns>[B, T, H], fresh.</returns>
    Tensor NormalizeSum(Tensor residual, double residualScale, Tensor branch);
}
