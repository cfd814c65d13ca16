using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Losses;
using static TorchSharp.torch;

namespace Acme;

/// <summary>Squared hinge loss for any number of true classes: a score has to be on its side of 0 by a margin.</summary>
/// <remarks>
/// L = mean over rows of Σ max(0, margin − y·s)², with y = 1 for a true class and −1 for another. A class is predicted when its score is above 0.
/// <list type="table">
/// <item><term>logits</term><description>floating point [rows…, C]</description></item>
/// <item><term>targets</term><description>numbers [rows…, C]; those above ½ count as true</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to logits; false = the class does not exist for this row</description></item>
/// </list>
/// Source: https://jmlr.org/papers/v2/crammer01a.html.
/// </remarks>
[PipelineComponent("loss.acme-hinge.v1", Source = "https://jmlr.org/papers/v2/crammer01a.html", Summary = "Squared hinge loss for any number of true classes")]
public sealed class AcmeLoss(AcmeLoss.Options options) : ILoss
{
    /// <summary>Settings of <see cref="AcmeLoss"/>.</summary>
    public sealed record Options
    {
        /// <summary>How far beyond 0 a score has to be to cost nothing, above 0.</summary>
        /// <value>The default is 1.</value>
        [Range(0.0, 100.0, MinimumIsExclusive = true)]
        public double Margin { get; init; } = 1;
    }

    readonly Options options = OptionsValidator.Validate(options, "loss.acme-hinge.v1");

    /// <inheritdoc/>
    public Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var side = targets.gt(0.5).to(logits.dtype).mul(2).sub(1); // [rows…, C], 1 or −1
        var missing = side.mul(logits).neg().add(options.Margin).relu(); // [rows…, C]
        if (mask is not null) missing = missing.mul(mask.to(logits.dtype));
        return missing.square().sum(-1).mean().MoveToOuterDisposeScope();
    }
}
