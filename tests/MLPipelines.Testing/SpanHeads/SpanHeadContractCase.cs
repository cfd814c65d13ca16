using MLPipelines.Layers;

namespace MLPipelines.Testing;

/// <summary>The options of a span head, small.</summary>
/// <param name="options">The options.</param>
/// <param name="reference">
/// The same scores computed in plain C# doubles from the weights, for one sequence: takes the token vectors [T][H], the weights by name and the number of types, and gives [E][T][T].
/// </param>
public sealed class SpanHeadContractCase(
    ISpanHeadOptions options, Func<double[][], IReadOnlyDictionary<string, double[]>, int, double[][][]> reference)
{
    /// <summary>The options.</summary>
    public ISpanHeadOptions Options { get; } = options;

    /// <summary>The scores in plain C#.</summary>
    public Func<double[][], IReadOnlyDictionary<string, double[]>, int, double[][][]> Reference { get; } = reference;
}
