using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Where a sub-layer F is normalised by N and how its result joins the residual.</summary>
/// <remarks>Thread-safe and without state; the norm belongs to the sub-layer.</remarks>
public interface INormPlacement
{
    /// <summary>What the sub-layer gets to see.</summary>
    /// <param name="residual">[B, T, H]; not changed.</param>
    /// <param name="norm">N.</param>
    /// <returns>[B, T, H], fresh.</returns>
    Tensor Enter(Tensor residual, nn.Module<Tensor, Tensor> norm);

    /// <summary>Joins what the sub-layer made.</summary>
    /// <param name="residual">[B, T, H]; not changed.</param>
    /// <param name="branch">[B, T, H], the sub-layer's result; may be changed.</param>
    /// <param name="norm">N.</param>
    /// <returns>[B, T, H], fresh.</returns>
    Tensor Leave(Tensor residual, Tensor branch, nn.Module<Tensor, Tensor> norm);
}
