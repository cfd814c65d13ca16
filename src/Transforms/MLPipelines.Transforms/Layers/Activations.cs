using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Element-wise activation functions and the names that Hugging Face configurations give them.</summary>
public static class Activations
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> ByName = new(StringComparer.Ordinal)
    {
        ["gelu"] = Gelu,
        ["gelu_new"] = GeluTanh,
        ["gelu_pytorch_tanh"] = GeluTanh,
        ["relu"] = x => x.relu(),
        ["silu"] = x => x.silu(),
        ["swish"] = x => x.silu(),
        ["tanh"] = x => x.tanh(),
        ["linear"] = x => x.alias(),
    };

    /// <summary>The accepted names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Gives the function of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public static Func<Tensor, Tensor> Find(string name) =>
        ByName.TryGetValue(name, out var function) ? function : throw Failures.UnknownChoice("activation", name, Names);

    /// <summary>The Gaussian error linear unit, x·Φ(x), in its exact form. Source: https://arxiv.org/abs/1606.08415.</summary>
    public static Tensor Gelu(Tensor x) => nn.functional.gelu(x);

    /// <summary>The tanh approximation of the Gaussian error linear unit, 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
    public static Tensor GeluTanh(Tensor x)
    {
        using var scope = NewDisposeScope();
        var inner = x.pow(3).mul(0.044715).add(x).mul(Math.Sqrt(2 / Math.PI));
        return inner.tanh().add(1).mul(x).mul(0.5).MoveToOuterDisposeScope();
    }
}
