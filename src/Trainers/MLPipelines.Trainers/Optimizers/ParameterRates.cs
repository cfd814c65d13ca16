using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>How the learning rate differs between the parameters of a model.</summary>
/// <remarks>
/// With layer decay d and L layers, a parameter of layer i (from 0) has the rate d^(L − i) times the usual one, one of the embeddings d^(L + 1), and everything behind the last
/// layer the usual one. Source: Clark et al., ELECTRA, https://arxiv.org/abs/2003.10555, section 3.1. The layer is the number in the parameter's name, as in <c>encoder.layer.3.</c>
/// The first rule that fits a name counts as well.
/// </remarks>
public sealed partial record ParameterRates
{
    /// <summary>What each layer's rate is multiplied with, compared with the layer above it, in (0, 1].</summary>
    /// <value>The default is 1, the same rate for all layers.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LayerDecay { get; init; } = 1;

    /// <summary>Rates of their own by name.</summary>
    /// <value>The default is none.</value>
    [Required]
    public IReadOnlyList<ParameterRule> Rules { get; init; } = [];

    /// <summary>Finds factor and decay of every name.</summary>
    /// <exception cref="ArgumentException">A rule fits no name, or layer decay is asked for and no name has a layer.</exception>
    internal IReadOnlyDictionary<string, (double RateFactor, double? WeightDecay)> For(IReadOnlyList<(string Name, ParameterRole Role)> parameters)
    {
        if (Rules.FirstOrDefault(rule => !parameters.Any(p => rule.Matches(p.Name))) is { } unused) throw TrainerErrors.RuleFitsNothing(unused.Names, parameters.Select(p => p.Name));
        var layers = parameters.Max(p => LayerOf(p.Name)) + 1;
        if (LayerDecay < 1 && layers == 0) throw TrainerErrors.NoLayers(parameters.Select(p => p.Name));
        return parameters.ToDictionary(p => p.Name, p =>
        {
            var rule = Rules.FirstOrDefault(rule => rule.Matches(p.Name));
            return (Math.Pow(LayerDecay, Depth(p.Name, p.Role, layers)) * (rule?.RateFactor ?? 1), rule?.WeightDecay);
        });
    }

    /// <summary>Layers above the parameter, counting what follows the last layer as one.</summary>
    static int Depth(string name, ParameterRole role, int layers) => LayerOf(name) switch
    {
        >= 0 and var layer => layers - layer,
        _ => role == ParameterRole.Embedding || EmbeddingPart().IsMatch(name) ? layers + 1 : 0,
    };

    static int LayerOf(string name) => Layer().Match(name) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : -1;

    [GeneratedRegex(@"(?:^|\.)(?:layers?|blocks?)\.([0-9]{1,6})\.", RegexOptions.CultureInvariant)]
    private static partial Regex Layer();

    [GeneratedRegex(@"(?:^|\.)embeddings?(?:_project)?\.", RegexOptions.CultureInvariant)]
    private static partial Regex EmbeddingPart();
}
