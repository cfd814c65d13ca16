using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>How the rows of a batch are blended with each other: row i becomes wᵢ · row i + (1 − wᵢ) · row partner(i).</summary>
/// <param name="Partners">int64 [B]: the partner of each row.</param>
/// <param name="Weights">float32 [B, 1]: the share of the row itself, in [0, 1].</param>
public sealed record Mixture(Tensor Partners, Tensor Weights)
{
    /// <summary>Blends the rows of a matrix.</summary>
    /// <param name="rows">[B, N], floating point; not changed.</param>
    /// <returns>[B, N], fresh, attached to the graph of <paramref name="rows"/>.</returns>
    public Tensor Apply(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var scope = NewDisposeScope();
        var partners = rows.index_select(0, Partners);
        return partners.add(rows.sub(partners).mul(Weights)).MoveToOuterDisposeScope();
    }
}
