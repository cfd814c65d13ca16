using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>A linear map y = xWᵀ + b over the last axis.</summary>
/// <remarks>
/// Unlike the linear module of TorchSharp its first values come from the given generator, never from the one that all threads share.
/// Parameters: <c>weight</c> [outputs, inputs], <c>bias</c> [outputs].
/// </remarks>
public sealed class Dense : nn.Module<Tensor, Tensor>, IMixedPrecision
{
    [ComponentName(Name = "weight")]
    readonly Parameter weight;

    [ComponentName(Name = "bias")]
    readonly Parameter? bias;

    /// <summary>Creates the map with a truncated normal weight (cut off at 2σ) and a bias of zero.</summary>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="generator">Where the first values are drawn; null leaves the weight zero.</param>
    /// <param name="deviation">Standard deviation σ of the weight.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public Dense(long inputs, long outputs, Generator? generator = null, double deviation = 0.02, bool hasBias = true)
        : this(inputs, outputs, ParameterFactory.Normal(generator, deviation), hasBias)
    {
    }

    /// <summary>Creates the map with the weight that a factory makes and a bias of zero.</summary>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="parameters">Makes the weight.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public Dense(long inputs, long outputs, ParameterFactory parameters, bool hasBias = true) : base(nameof(Dense))
    {
        ArgumentNullException.ThrowIfNull(parameters);
        weight = parameters.Matrix(outputs, inputs);
        bias = hasBias ? parameters.Vector(outputs) : null;
        RegisterComponents();
    }

    /// <summary>[outputs, inputs]; belongs to the module.</summary>
    public Parameter Weight => weight;

    /// <summary>[outputs], or null; belongs to the module.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    public ScalarType? ComputeType { get; set; }

    /// <summary>xWᵀ, for a kernel that adds the bias in its own pass.</summary>
    /// <param name="input">[…, inputs].</param>
    /// <returns>[…, outputs], fresh.</returns>
    internal Tensor Product(Tensor input) => MixedPrecision.Linear(input, weight, bias: null, ComputeType);

    /// <summary>Applies the map.</summary>
    /// <param name="input">[…, inputs].</param>
    /// <returns>[…, outputs], fresh.</returns>
    public override Tensor forward(Tensor input) => MixedPrecision.Linear(input, weight, bias, ComputeType);
}
