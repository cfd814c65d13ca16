using static TorchSharp.torch;

namespace MLPipelines.Trainers.Losses;

/// <summary>The one formula that the hard and the sparse form of ZLPR share.</summary>
static class ZlprTerms
{
    /// <summary>ln(1 + Σ exp(x)) over the last axis, finite and with a gradient of 0 where x is −∞.</summary>
    /// <param name="x">Overwritten: over the cells of many labels another copy would be as large as the scores.</param>
    public static Tensor LogOnePlusSumExp(Tensor x)
    {
        // The shift is at least 0, the exponent of the implicit 1, hence always finite: −∞ minus it stays −∞ and exp makes it an exact 0
        // in the forward and in the backward pass, where the usual log-sum-exp would compute −∞ − (−∞).
        Tensor shift;
        using (no_grad())
        {
            shift = x.amax([-1], keepdim: true).clamp_min_(0);
        }
        var sum = x.sub_(shift).exp_().sum(-1); // Σ exp(x − shift)
        shift = shift.squeeze(-1);
        return sum.add(shift.neg().expm1_()).log1p().add(shift); // exact for small sums too
    }

    public static Tensor Reduce(Tensor rows, Reduction reduction) => reduction == Reduction.Sum ? rows.sum() : rows.mean();

    /// <summary>A score so low that its exponential is 0, and yet finite.</summary>
    public const double Lowest = -1e30;

    /// <summary>Where a class does not exist: hidden by the mask, or with an infinite score.</summary>
    public static Tensor Removed(Tensor logits, Tensor? mask)
    {
        var removed = logits.isinf();
        return mask is null ? removed : removed.logical_or(~mask);
    }

    /// <summary>Sums of exponentials need the range and the precision of float32.</summary>
    public static Tensor Widen(Tensor logits) => logits.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? logits.to(ScalarType.Float32) : logits;
}
