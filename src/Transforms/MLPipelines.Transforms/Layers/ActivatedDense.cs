using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>A linear map followed by an activation: the first half of a feed-forward layer, act(xWᵀ + b).</summary>
/// <remarks>Parameters: <c>dense.weight</c> [outputs, inputs], <c>dense.bias</c> [outputs].</remarks>
public sealed class ActivatedDense : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    readonly Dense dense;

    readonly Func<Tensor, Tensor> activation;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="activation">A name that <see cref="Activations"/> knows.</param>
    /// <param name="generator">For first values; not owned.</param>
    public ActivatedDense(long inputs, long outputs, string activation, Generator? generator = null) : base(nameof(ActivatedDense))
    {
        dense = new(inputs, outputs, generator);
        this.activation = Activations.Find(activation);
        RegisterComponents();
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="input">[…, inputs].</param>
    /// <returns>[…, outputs], fresh.</returns>
    public override Tensor forward(Tensor input)
    {
        using var mapped = dense.call(input);
        return activation(mapped);
    }
}
