using System.ComponentModel.DataAnnotations;
using System.IO.Enumeration;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>A learning rate of their own for the parameters of some names.</summary>
public sealed record ParameterRule
{
    /// <summary>The names as saved weights have them, where <c>*</c> stands for any characters and <c>?</c> for one: <c>head.*</c>, <c>*.embeddings.*</c>.</summary>
    /// <value>The default is <c>*</c>, every parameter.</value>
    [Required]
    public string Names { get; init; } = "*";

    /// <summary>What the learning rate is multiplied with, at least 0; 0 leaves the parameters as they are.</summary>
    /// <value>The default is 1.</value>
    [Range(0.0, 1e6)]
    public double RateFactor { get; init; } = 1;

    /// <summary>Decoupled weight decay, at least 0; null keeps the usual one.</summary>
    /// <value>The default is null.</value>
    [Range(0.0, 10.0)]
    public double? WeightDecay { get; init; }

    internal bool Matches(string name) => FileSystemName.MatchesSimpleExpression(Names, name, ignoreCase: false);
}
