using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>An element-wise map γ ⊙ x + β with γ = 1 and β = 0 at first.</summary>
/// <remarks>Parameters: <c>weight</c> (γ) and, where there is an offset, <c>bias</c> (β), each [D].</remarks>
public sealed class ScaleOffset : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    readonly Parameter weight;

    [ComponentName(Name = "bias")]
    readonly Parameter? bias;

    /// <summary>Creates the map.</summary>
    /// <param name="width">The width D.</param>
    /// <param name="hasOffset">Whether there is an offset β.</param>
    /// <param name="parameters">Makes γ and β.</param>
    public ScaleOffset(long width, bool hasOffset, ParameterFactory parameters) : base(nameof(ScaleOffset))
    {
        ArgumentNullException.ThrowIfNull(parameters);
        weight = parameters.Vector(width, 1);
        bias = hasOffset ? parameters.Vector(width) : null;
        RegisterComponents();
    }

    /// <summary>Applies the map.</summary>
    /// <param name="input">[…, D]; not changed.</param>
    /// <returns>[…, D], fresh.</returns>
    public override Tensor forward(Tensor input)
    {
        var scaled = input.mul(weight);
        return bias is null ? scaled : scaled.add_(bias);
    }
}
