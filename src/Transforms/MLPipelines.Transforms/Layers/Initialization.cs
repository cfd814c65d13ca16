using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>First values of parameters, drawn from a given generator.</summary>
internal static class Initialization
{
    /// <summary>A parameter that lives as long as its module, also when the module is made inside a dispose scope.</summary>
    public static Parameter Parameter(Tensor values) => (Parameter)nn.Parameter(values).DetachFromDisposeScope();

    /// <summary>Normal with mean 0, cut off at two standard deviations; zero without a generator, for weights that are about to be loaded.</summary>
    public static Tensor TruncatedNormal(long[] shape, double deviation, Generator? generator)
    {
        // Inverse distribution function of the part of the uniform that lies within ±2σ.
        const double mass = 0.95449973610364158;
        if (generator is null) return zeros(shape, ScalarType.Float32, CPU);
        using var scope = NewDisposeScope();
        var uniform = rand(shape, ScalarType.Float32, CPU, false, generator); // [0, 1)
        return uniform.mul_(2).sub_(1).mul_(mass).erfinv_().mul_(deviation * Math.Sqrt(2)).MoveToOuterDisposeScope();
    }
}
