using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>Parameters that an optimiser treats alike.</summary>
/// <param name="Parameters">The parameters by name; they stay owned by their module.</param>
/// <param name="WeightDecay">Decoupled weight decay, at least 0.</param>
/// <param name="RateFactor">What the learning rate of a step is multiplied with for this group, at least 0.</param>
public sealed record ParameterGroup(IReadOnlyList<(string Name, Parameter Parameter)> Parameters, double WeightDecay = 0, double RateFactor = 1)
{
    /// <summary>What the parameters are in their module.</summary>
    /// <value>The default is <see cref="ParameterRole.Matrix"/>.</value>
    public ParameterRole Role { get; init; } = ParameterRole.Matrix;

    /// <summary>The usual groups: matrices and tables decay, biases and the gains of norms (everything with a single axis) do not.</summary>
    /// <param name="module">The module whose trainable parameters are grouped.</param>
    /// <param name="weightDecay">The decay of matrices and tables.</param>
    /// <param name="rates">How the learning rate differs between parameters; null = not at all.</param>
    /// <returns>A group for each combination of role, decay and rate that occurs.</returns>
    /// <exception cref="ArgumentException">The rates name a parameter that the module does not have.</exception>
    public static IReadOnlyList<ParameterGroup> Split(nn.Module module, double weightDecay, ParameterRates? rates = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        var tables = module.named_modules().Where(m => m.module is Embedding).Select(m => m.name.Length == 0 ? "weight" : m.name + ".weight").ToHashSet(StringComparer.Ordinal);
        if (module is Embedding) tables.Add("weight");
        var parameters = module.named_parameters().Where(p => p.parameter.requires_grad).ToList();
        if (parameters.Count == 0) return [];
        var own = (rates ?? new()).For([.. parameters.Select(p => (p.name, Role(p.name, p.parameter)))]);
        return [.. parameters.GroupBy(p =>
            {
                var role = Role(p.name, p.parameter);
                var (factor, decay) = own[p.name];
                return (role, decay ?? (role is ParameterRole.Matrix or ParameterRole.Embedding ? weightDecay : 0), factor);
            })
            .OrderBy(g => g.Key).Select(g => new ParameterGroup([.. g], g.Key.Item2, g.Key.factor) { Role = g.Key.role })];

        ParameterRole Role(string name, Parameter parameter)
        {
            if (tables.Contains(name)) return ParameterRole.Embedding;
            if (parameter.Dimensions > 1) return ParameterRole.Matrix;
            return name.EndsWith("bias", StringComparison.Ordinal) || name.EndsWith("beta", StringComparison.Ordinal) ? ParameterRole.Bias : ParameterRole.Gain;
        }
    }
}
