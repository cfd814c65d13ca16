namespace MLPipelines.Trainers.Optimizers;

/// <summary>The gradients of one step for all parameters of an optimiser, with a common factor.</summary>
/// <remarks>Owned by the training loop. A middleware that scales gradients changes <see cref="Scale"/>, which costs no pass over memory: the optimiser multiplies while it reads.</remarks>
public sealed class GradientSet : IDisposable
{
    readonly Dictionary<string, Gradient> byName = [];
    readonly Dictionary<ParameterGroup, GradientBlock> blocks = new(ReferenceEqualityComparer.Instance);
    double? norm;

    /// <summary>Collects what the last backward pass left on the parameters of these groups.</summary>
    /// <param name="groups">The groups of the optimiser.</param>
    public GradientSet(IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var (name, parameter) in groups.SelectMany(g => g.Parameters))
        {
            if (Gradient.Of(parameter) is { } gradient) byName.Add(name, gradient);
        }

        foreach (var group in groups)
        {
            if (GradientBlock.Of(group, byName) is { } block) blocks.Add(group, block);
        }
    }

    /// <summary>What every element of every gradient is multiplied with.</summary>
    /// <value>The default is 1.</value>
    public double Scale { get; set; } = 1;

    /// <summary>The gradient of a parameter before <see cref="Scale"/>, or null where it took no part in the step.</summary>
    /// <param name="name">The name of the parameter in its group.</param>
    public Gradient? this[string name] => byName.GetValueOrDefault(name);

    /// <summary>Those gradients of a group that optimisers update together; null where there are none.</summary>
    internal GradientBlock? Block(ParameterGroup group) => blocks.GetValueOrDefault(group);

    /// <summary>The Euclidean norm of all gradients together, as if they were one vector, after <see cref="Scale"/>. Not finite if any gradient is not. Computed once.</summary>
    public double Norm() => Math.Abs(Scale) * (norm ??= Math.Sqrt(SumOfSquares()));

    // A block holds copies.
    double SumOfSquares() => Gradient.SumOfSquares([
        .. byName.Where(entry => !blocks.Values.Any(block => block.Names.Contains(entry.Key))).Select(entry => entry.Value), .. blocks.Values.Select(block => new Gradient(block.Values, null))]);

    /// <summary>Removes the gradients from the parameters, so that the next backward pass starts from nothing.</summary>
    /// <param name="groups">The groups of the optimiser.</param>
    public static void Clear(IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var (_, parameter) in groups.SelectMany(g => g.Parameters)) parameter.grad = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gradient in byName.Values) gradient.Dispose();
        byName.Clear();
        foreach (var block in blocks.Values) block.Dispose();
        blocks.Clear();
    }
}
