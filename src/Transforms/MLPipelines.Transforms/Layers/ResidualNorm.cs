using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>The end of a post-norm sub-layer: LayerNorm(residual + dropout(xWᵀ + b)).</summary>
/// <remarks>Parameters: <c>dense.weight</c> [outputs, inputs], <c>dense.bias</c>, <c>LayerNorm.weight</c>, <c>LayerNorm.bias</c> [outputs].</remarks>
public sealed class ResidualNorm : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    readonly Dense dense;

    [ComponentName(Name = "LayerNorm")]
    readonly LayerNorm norm;

    [ComponentName(Name = "dropout")]
    readonly SeededDropout dropout;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">Width of the sub-layer's result.</param>
    /// <param name="outputs">Width of the residual.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dropout">The probability of dropping an element of the mapped result.</param>
    /// <param name="generator">For first values and dropout; not owned.</param>
    public ResidualNorm(long inputs, long outputs, double epsilon, double dropout = 0, Generator? generator = null) : base(nameof(ResidualNorm))
    {
        dense = new(inputs, outputs, generator);
        norm = nn.LayerNorm(outputs, epsilon);
        this.dropout = new(dropout, generator);
        RegisterComponents();
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="input">[B, T, inputs].</param>
    /// <param name="residual">[B, T, outputs].</param>
    /// <returns>[B, T, outputs], fresh.</returns>
    public override Tensor forward(Tensor input, Tensor residual)
    {
        using var scope = NewDisposeScope();
        var mapped = dropout.call(dense.call(input));
        return norm.call(mapped.add_(residual)).MoveToOuterDisposeScope();
    }
}
