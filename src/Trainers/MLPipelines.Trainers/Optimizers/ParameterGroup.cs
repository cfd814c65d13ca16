using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>Parameters that an optimiser treats alike.</summary>
/// <param name="Parameters">The parameters by name; they stay owned by their module.</param>
/// <param name="WeightDecay">Decoupled weight decay, at least 0.</param>
/// <param name="RateFactor">What the learning rate of a step is multiplied with for this group, at least 0.</param>
public sealed record ParameterGroup(IReadOnlyList<(string Name, Parameter Parameter)> Parameters, double WeightDecay = 0, double RateFactor = 1)
{
    /// <summary>The usual two groups: matrices decay, biases and the gains of norms (everything with a single axis) do not.</summary>
    /// <param name="module">The module whose trainable parameters are grouped.</param>
    /// <param name="weightDecay">The decay of the first group.</param>
    /// <returns>The group that decays, then the group that does not; empty groups are left out.</returns>
    public static IReadOnlyList<ParameterGroup> Split(nn.Module module, double weightDecay)
    {
        ArgumentNullException.ThrowIfNull(module);
        var byDecay = module.named_parameters().Where(p => p.parameter.requires_grad).ToLookup(p => p.parameter.Dimensions > 1);
        return [.. new[] { new ParameterGroup([.. byDecay[true]], weightDecay), new ParameterGroup([.. byDecay[false]]) }.Where(g => g.Parameters.Count > 0)];
    }
}
