using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Layers one after the other: <c>layer.0.*</c>, <c>layer.1.*</c>, ….</summary>
public sealed class LayerStack : nn.Module<Tensor, AttentionMask, Tensor>
{
    [ComponentName(Name = "layer")]
    readonly ModuleList<nn.Module<Tensor, AttentionMask, Tensor>> layers;

    /// <summary>Puts the layers together and owns them.</summary>
    /// <param name="layers">The layers, the first one first.</param>
    public LayerStack(IEnumerable<nn.Module<Tensor, AttentionMask, Tensor>> layers) : base(nameof(LayerStack))
    {
        this.layers = new([.. layers]);
        RegisterComponents();
    }

    /// <summary>Applies every layer and keeps the last result.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="mask">What each query may look at.</param>
    /// <returns>[B, T, H], fresh.</returns>
    public override Tensor forward(Tensor hidden, AttentionMask mask)
    {
        var current = hidden.alias();
        foreach (var layer in layers)
        {
            var next = layer.call(current, mask);
            current.Dispose();
            current = next;
        }
        return current;
    }

    /// <summary>Applies every layer and keeps all results.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="mask">What each query may look at.</param>
    /// <returns>What went in and then what each layer gave, [B, T, H]; the caller owns all of them.</returns>
    public IReadOnlyList<Tensor> States(Tensor hidden, AttentionMask mask)
    {
        List<Tensor> states = [hidden.alias()];
        foreach (var layer in layers) states.Add(layer.call(states[^1], mask));
        return states;
    }
}
