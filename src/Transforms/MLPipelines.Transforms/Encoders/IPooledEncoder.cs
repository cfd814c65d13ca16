using MLPipelines.Layers;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>An encoder whose family has a pooler: one vector per sequence, made from the first token's.</summary>
public interface IPooledEncoder : IEncoder
{
    /// <summary>Makes a pooler. The caller owns it. Parameter names are those under <c>pooler.</c> in published checkpoints.</summary>
    /// <param name="activation">A name that <see cref="Activations"/> knows: <c>tanh</c> for BERT's next-sentence task, <c>linear</c> for RoFormer-Sim.</param>
    /// <param name="generator">For first values; not owned. Null leaves the weight zero, for weights that are loaded afterwards.</param>
    /// <param name="device">Where its parameters are; null is the CPU.</param>
    /// <exception cref="ArgumentException">The activation is unknown.</exception>
    FirstTokenPooler CreatePooler(string activation = "tanh", Generator? generator = null, Device? device = null);
}
