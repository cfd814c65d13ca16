using MLPipelines.Kernels;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>γ ⊙ (x − mean x) / √(var x + ε) + β over the last axis.</summary>
/// <remarks>Parameters: <c>weight</c> γ [H], at first one, <c>bias</c> β [H], at first zero. Source: https://arxiv.org/abs/1607.06450.</remarks>
public sealed class LayerNormalization : nn.Module<Tensor, Tensor>, ISumNorm
{
    readonly double epsilon;

    [ComponentName(Name = "weight")]
    readonly Parameter weight;

    [ComponentName(Name = "bias")]
    readonly Parameter bias;

    /// <summary>Creates the layer.</summary>
    /// <param name="width">The width H of the vectors.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="parameters">Makes gain and offset.</param>
    public LayerNormalization(long width, double epsilon, ParameterFactory parameters) : base(nameof(LayerNormalization))
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.epsilon = epsilon;
        (weight, bias) = (parameters.Vector(width, 1), parameters.Vector(width));
        RegisterComponents();
    }

    /// <summary>Normalises.</summary>
    /// <param name="input">[…, H]; not changed.</param>
    /// <returns>[…, H], fresh.</returns>
    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, [weight.NumberOfElements], weight, bias, epsilon);

    /// <inheritdoc/>
    public Tensor NormalizeSum(Tensor residual, double residualScale, Tensor branch)
    {
        if (NormKernel.CanRun(residual, branch)) return NormKernel.Run(residual, residualScale, branch, centre: true, epsilon, weight, bias);
        using var scope = NewDisposeScope();
        return forward(branch.add_(residual, residualScale)).MoveToOuterDisposeScope();
    }
}
