namespace MLPipelines.Layers;

/// <summary>The kernels that a gated attention unit's configuration can ask for, by the names in published configurations.</summary>
public static class AttentionKernels
{
    /// <summary>The accepted names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["softmax", "softmax_plus", "squared_relu"];

    /// <summary>Gives the kernel of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="minimumKeys">For <c>softmax_plus</c>: see <see cref="LogLengthScale"/>.</param>
    /// <param name="length">For <c>squared_relu</c>: see <see cref="SquaredReluAttention"/>.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public static IAttentionKernel Find(string name, int minimumKeys = 1, int? length = null) => name switch
    {
        "softmax" => new SoftmaxAttention(),
        "softmax_plus" => new SoftmaxAttention(new LogLengthScale(minimumKeys)),
        "squared_relu" => new SquaredReluAttention(length),
        _ => throw Failures.UnknownChoice("attention normalisation", name, Names),
    };
}
