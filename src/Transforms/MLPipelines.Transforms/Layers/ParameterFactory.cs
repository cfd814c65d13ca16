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
    /// <summary>What a normal distribution's standard deviation is, in units of that which is left after the cut.</summary>
    const double WithoutCut = 1.13684723;

    readonly Device device;
    readonly Func<long, double> ofMap;
    readonly Func<long, double> ofTable;

    /// <summary>Makes the factory.</summary>
    /// <param name="generator">For first values; not owned.</param>
    /// <param name="device">Where the parameters are; null is the CPU.</param>
    /// <param name="ofMap">The standard deviation for a linear map, from its fan.</param>
    /// <param name="ofTable">That for a table, from the width of a row; null is as for a map.</param>
    ParameterFactory(Generator? generator, Device? device, Func<long, double> ofMap, Func<long, double>? ofTable = null) =>
        (Generator, this.device, this.ofMap, this.ofTable) = (generator, device ?? CPU, ofMap, ofTable ?? ofMap);

    /// <summary>Where first values are drawn, and dropout masks by modules made with this factory; not owned. Null leaves matrices and tables zero.</summary>
    public Generator? Generator { get; }

    /// <summary>The same standard deviation for every matrix and table, as in BERT.</summary>
    /// <param name="generator">For first values; not owned.</param>
    /// <param name="deviation">The standard deviation σ before the cut.</param>
    /// <param name="device">Where the parameters are; null is the CPU.</param>
    public static ParameterFactory Normal(Generator? generator, double deviation = 0.02, Device? device = null) => new(generator, device, _ => deviation);

    /// <summary>A standard deviation that fits the width of each map: σ = 1.13684723·√(1/(3·fan)), and 0.02 for every table.</summary>
    /// <remarks>
    /// That is the spread with which PyTorch starts a linear map, and 0.021 for the 768 inputs of BERT's base size, whose 0.02 is too little for narrow encoders: their
    /// sub-layers start with next to no effect beside the residual. 1.13684723 makes up for the variance that the cut takes away.
    /// Source: LeCun et al., Efficient BackProp, 1998, section 4.6, with the factor 1/3 of https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html.
    /// </remarks>
    /// <param name="generator">For first values; not owned.</param>
    /// <param name="device">Where the parameters are; null is the CPU.</param>
    public static ParameterFactory FanIn(Generator? generator, Device? device = null) => new(generator, device, fan => WithoutCut * Math.Sqrt(1.0 / (3 * fan)), _ => 0.02);

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
        => new(generator, device, fan => WithoutCut * Math.Pow(layers, -1.0 / order) / Math.Sqrt(fan));

    /// <summary>The weight of a linear map.</summary>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Columns.</param>
    public Parameter Matrix(long outputs, long inputs) => Keep(Random([outputs, inputs], ofMap(inputs is > 10000 or < 10 ? outputs : inputs)));

    /// <summary>The values of a table of vectors, not yet a parameter.</summary>
    /// <param name="rows">The number of vectors.</param>
    /// <param name="width">The width of a vector.</param>
    internal Tensor Table(long rows, long width) => Random([rows, width], ofTable(width));

    /// <summary>A vector whose elements are all the same.</summary>
    /// <param name="length">The number of elements.</param>
    /// <param name="value">The first value.</param>
    public Parameter Vector(long length, double value = 0) => Keep(full([length], value, ScalarType.Float32, device));

    /// <summary>A layer normalisation with a gain of one and an offset of zero.</summary>
    /// <param name="width">The width of the vectors.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public LayerNormalization Norm(long width, double epsilon) => new(width, epsilon, this);

    Tensor Random(long[] shape, double deviation)
    {
        if (device.type == DeviceType.META) return empty(shape, ScalarType.Float32, device);
        var values = Initialization.TruncatedNormal(shape, deviation, Generator);
        if (device.type == DeviceType.CPU) return values;
        using (values) return values.to(device);
    }

    static Parameter Keep(Tensor values) => Initialization.Parameter(values);
}
