using MLPipelines.Kernels;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>A linear map followed by an activation: the first half of a feed-forward layer, act(xWᵀ + b).</summary>
/// <remarks>Parameters: <c>dense.weight</c> [outputs, inputs] and, where the map has one, <c>dense.bias</c> [outputs].</remarks>
public sealed class ActivatedDense : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    readonly Dense dense;

    readonly Func<Tensor, Tensor> activation;
    readonly bool isGelu;

    /// <summary>Puts the parts together and owns them.</summary>
    /// <param name="dense">The map.</param>
    /// <param name="activation">A name that <see cref="Activations"/> knows.</param>
    public ActivatedDense(Dense dense, string activation) : base(nameof(ActivatedDense))
    {
        this.dense = dense;
        this.activation = Activations.Find(activation);
        isGelu = activation == "gelu";
        RegisterComponents();
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="input">[…, inputs].</param>
    /// <returns>[…, outputs], fresh.</returns>
    public override Tensor forward(Tensor input)
    {
        if (isGelu && GeluKernel.CanRun(input))
        {
            var result = dense.Product(input);
            GeluKernel.Run(result, dense.Bias);
            return result;
        }

        using var mapped = dense.call(input);
        return activation(mapped);
    }
}
