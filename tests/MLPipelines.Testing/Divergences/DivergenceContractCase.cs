using MLPipelines.Trainers.Divergences;

namespace MLPipelines.Testing;

/// <summary>A divergence, and a second implementation of it.</summary>
/// <param name="divergence">The divergence.</param>
/// <param name="reference">The symmetric divergence in plain C#: two sets of scores and which classes exist, each [rows, classes], to a number. Written from the formula.</param>
public sealed class DivergenceContractCase(IDivergence divergence, Func<double[,], double[,], bool[,], double> reference)
{
    /// <summary>The divergence.</summary>
    public IDivergence Divergence { get; } = divergence;

    /// <summary>The plain implementation.</summary>
    public Func<double[,], double[,], bool[,], double> Reference { get; } = reference;

    /// <summary>The same for one direction, from the reference to the scores. Default: the symmetric one.</summary>
    public Func<double[,], double[,], bool[,], double> ReferenceFrom { get; init; } = reference;
}
