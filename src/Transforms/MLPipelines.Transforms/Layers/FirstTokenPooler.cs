using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>One vector per sequence from its first token: act(x₀Wᵀ + b).</summary>
/// <remarks>
/// With <c>tanh</c> the pooler of BERT's next-sentence task, with <c>linear</c> that of RoFormer-Sim.
/// Parameters: <c>dense.weight</c> [H, H], <c>dense.bias</c> [H].
/// </remarks>
public sealed class FirstTokenPooler : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    readonly Dense dense;

    readonly Func<Tensor, Tensor> activation;

    /// <summary>Creates the pooler.</summary>
    /// <param name="hidden">The width H.</param>
    /// <param name="activation">A name that <see cref="Activations"/> knows.</param>
    /// <param name="generator">For first values; not owned.</param>
    public FirstTokenPooler(int hidden, string activation = "tanh", Generator? generator = null) : this(hidden, activation, ParameterFactory.Normal(generator))
    {
    }

    /// <summary>Creates the pooler.</summary>
    /// <param name="hidden">The width H.</param>
    /// <param name="activation">A name that <see cref="Activations"/> knows.</param>
    /// <param name="parameters">Makes the weight.</param>
    /// <param name="hasBias">Whether there is a bias b.</param>
    public FirstTokenPooler(int hidden, string activation, ParameterFactory parameters, bool hasBias = true) : base(nameof(FirstTokenPooler))
    {
        dense = new(hidden, hidden, parameters, hasBias);
        this.activation = Activations.Find(activation);
        Activation = activation;
        RegisterComponents();
    }

    /// <summary>The name of the activation.</summary>
    public string Activation { get; }

    /// <summary>Pools.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <returns>[B, H], fresh.</returns>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return activation(dense.call(hidden.select(1, 0))).MoveToOuterDisposeScope();
    }
}
