using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>What one step of <see cref="Tiger"/> does to one parameter.</summary>
/// <param name="options">The optimiser's settings.</param>
/// <param name="role">What the parameter is.</param>
/// <param name="rate">The relative rate α of this step and group.</param>
/// <param name="weightDecay">Decay λ.</param>
/// <param name="scale">The common factor of all gradients.</param>
/// <param name="isFirst">Whether a round of accumulation begins.</param>
/// <param name="isLast">Whether it ends, and the parameter changes.</param>
/// <param name="touched">For a table whose rows change only with a gradient: whether each had one in this round, boolean [rows]. Null for all others.</param>
sealed class TigerUpdate(Tiger.Options options, ParameterRole role, double rate, double weightDecay, double scale, bool isFirst, bool isLast, Tensor? touched)
{
    public double Beta => options.Beta;

    /// <summary>What a gradient is multiplied with before it is added to the momentum.</summary>
    public double Gain => (1 - options.Beta) / options.Accumulation * scale;

    /// <summary>What the momentum is multiplied with where rows are not looked at one by one.</summary>
    public double Keep => isFirst ? options.Beta : 1;

    public double WeightDecay => weightDecay;

    public bool IsLast => isLast;

    public bool IsPerRow => role == ParameterRole.Embedding;

    public Tensor? Touched => touched;

    /// <summary>The step size η; for an embedding table still to be multiplied with the RMS of the row.</summary>
    public double StepSize { get; private set; } = role is ParameterRole.Bias or ParameterRole.Gain ? rate / 2 : rate;

    /// <summary>Finds the step size of a matrix in main memory.</summary>
    public void Measure(Tensor parameter)
    {
        if (isLast && role == ParameterRole.Matrix) StepSize = rate * Math.Sqrt(PlainMemory.SumOfSquares(parameter) / Math.Max(1, parameter.NumberOfElements));
    }

    /// <summary>The update where the gradient is not finite: the momentum stays, the parameter shrinks towards its neutral value.</summary>
    public void Guard(Tensor parameter)
    {
        Shrink(parameter);
        if (isLast) touched?.zero_();
    }

    void Shrink(Tensor parameter)
    {
        var neutral = role == ParameterRole.Gain ? 1 : 0;
        parameter.sub_(neutral).mul_(options.ShrinkRatio).add_(neutral);
    }

    /// <summary>The whole update for any device and type. Nothing is read back from the device.</summary>
    public void WithOperators(Tensor parameter, Gradient gradient, Tensor momentum)
    {
        using var scope = NewDisposeScope();
        var g = gradient.Dense(parameter);
        var isFinite = g.isfinite().all();
        var moved = Momentum(g, momentum, isFinite, out var active);
        momentum.copy_(where(isFinite, moved, momentum));
        var guarded = parameter.clone();
        Shrink(guarded);
        if (!isLast)
        {
            parameter.copy_(where(isFinite, parameter, guarded));
            return;
        }

        var size = role switch
        {
            ParameterRole.Embedding => parameter.square().flatten(1).mean([1]).sqrt_().mul_(rate).reshape(PerRow(parameter)), // [rows, 1…]
            ParameterRole.Matrix => parameter.square().mean().sqrt_().mul_(rate),
            _ => tensor(rate / 2, parameter.dtype, parameter.device),
        };
        var stepped = parameter.sub(momentum.sign().add_(parameter, weightDecay).mul_(size));
        if (active is not null) stepped = where(active, stepped, parameter);
        parameter.copy_(where(isFinite, stepped, guarded));
        touched?.zero_();
    }

    Tensor Momentum(Tensor g, Tensor momentum, Tensor isFinite, out Tensor? active)
    {
        if (touched is null)
        {
            active = null;
            return momentum.mul(Keep).add_(g, Gain);
        }
        var now = g.ne(0).flatten(1).any(1).logical_and(isFinite); // [rows]
        var keep = now.logical_and(touched.logical_not()).to(momentum.dtype).mul_(Beta - 1).add_(1).reshape(PerRow(momentum)); // β where a row is new in this round, else 1
        touched.logical_or_(now);
        active = touched.clone().reshape(PerRow(momentum));
        return momentum.mul(keep).add_(g, Gain);
    }

    static long[] PerRow(Tensor parameter) => [parameter.shape[0], .. Enumerable.Repeat(1L, (int)parameter.Dimensions - 1)];
}
