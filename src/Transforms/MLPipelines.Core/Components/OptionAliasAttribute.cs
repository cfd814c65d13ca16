namespace MLPipelines.Components;

/// <summary>Short names for an option, for command lines: <c>[OptionAlias("lr")]</c> on <c>LearningRate</c> gives <c>--lr</c> beside <c>--learning-rate</c>.</summary>
/// <param name="names">The short names, without dashes.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAliasAttribute(params string[] names) : Attribute
{
    /// <summary>The short names, without dashes.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}
