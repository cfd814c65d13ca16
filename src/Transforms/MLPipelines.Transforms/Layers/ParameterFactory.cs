using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Makes the parameters of a model: where they are, from which stream of random numbers their first values come, and how wide these are spread.</summary>
/// <remarks>
/// Matrices and tables are truncated normals, cut off at two standard deviations. Parameters are float32 and live as long as their module, also when the module is made
/// inside a dispose scope. On <see cref="META"/> they have shapes and no memory.
/// </remarks>
public sealed class ParameterFactory
{
    readonly Device device;
    readonly Func<long, double> deviation;

    ParameterFactory(Generator? generator, Device? device, Func<long, double> deviation) => (Generator, this.device, this.deviation) = (generator, device ?? CPU, deviation);

    /// <summary>Where first values are drawn, and dropout masks by modules made with this factory; not owned. Null leaves matrices and tables zero.</summary>
    public Generator? Generator { get; }

    /// <summary>The same standard deviation for every matrix and table, as in BERT.</summary>
    /// <param name="generator">For first values; not owned.</param>
    /// <param name="deviation">The standard deviation σ before the cut.</param>
    /// <param name="device">Where the parameters are; null is the CPU.</param>
    public static ParameterFactory Normal(Generator? generator, double deviation = 0.02, Device? device = null) => new(generator, device, _ => deviation);

    /// <summary>A standard deviation that fits width and depth: σ = 1.13684723·N^(−1/order)/√fan for N layers.</summary>
    /// <remarks>
    /// The fan of a linear map is its number of inputs, that of a table the width of a row. 1.13684723 makes up for the variance that the cut takes away.
    /// The reference tells tables from maps by the number of rows (above 10000 or below 10), which gives the same values for every published model; here a table is
    /// known to be one. A map with fewer than 10 or more than 10000 inputs takes its number of outputs, as there. Source: https://kexue.fm/archives/8998.
    /// </remarks>
    /// <param name="generator">For first values; not owned.</param>
    /// <param name="layers">The number of layers N.</param>
    /// <param name="order">2 where a layer has two residual sums (attention and feed-forward), 3 for a stack of gated attention units.</param>
    /// <param name="device">Where the parameters are; null is the CPU.</param>
    public static ParameterFactory Scaled(Generator? generator, int layers, int order, Device? device = null)
        => new(generator, device, fan => 1.13684723 * Math.Pow(layers, -1.0 / order) / Math.Sqrt(fan));

    /// <summary>The weight of a linear map.</summary>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Columns.</param>
    public Parameter Matrix(long outputs, long inputs) => Keep(Random([outputs, inputs], inputs is > 10000 or < 10 ? outputs : inputs));

    /// <summary>The values of a table of vectors, not yet a parameter.</summary>
    /// <param name="rows">The number of vectors.</param>
    /// <param name="width">The width of a vector.</param>
    internal Tensor Table(long rows, long width) => Random([rows, width], width);

    /// <summary>A vector whose elements are all the same.</summary>
    /// <param name="length">The number of elements.</param>
    /// <param name="value">The first value.</param>
    public Parameter Vector(long length, double value = 0) => Keep(full([length], value, ScalarType.Float32, device));

    /// <summary>A layer normalisation with a gain of one and an offset of zero.</summary>
    /// <param name="width">The width of the vectors.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public LayerNormalization Norm(long width, double epsilon) => new(width, epsilon, this);

    Tensor Random(long[] shape, long fan)
    {
        if (device.type == DeviceType.META) return empty(shape, ScalarType.Float32, device);
        var values = Initialization.TruncatedNormal(shape, deviation(fan), Generator);
        if (device.type == DeviceType.CPU) return values;
        using (values) return values.to(device);
    }

    static Parameter Keep(Tensor values) => Initialization.Parameter(values);
}
