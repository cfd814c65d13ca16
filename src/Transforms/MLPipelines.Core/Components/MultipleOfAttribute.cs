using System.Globalization;
using System.Text.Json;

namespace MLPipelines.Components;

/// <summary>A whole number that has to be a multiple of another option of the same record.</summary>
/// <param name="other">The name of the other option, a whole number; where it is not above 0, that is its own violation.</param>
/// <example><code>
/// [MultipleOf(nameof(Heads), Even = true)] public int HiddenSize { get; init; } = 768;
/// </code></example>
public sealed class MultipleOfAttribute(string other) : OptionRuleAttribute
{
    /// <summary>The name of the other option.</summary>
    public string Other { get; } = other;

    /// <summary>Whether it has to be an even multiple.</summary>
    /// <value>The default is false.</value>
    public bool Even { get; init; }

    /// <inheritdoc/>
    public override string Expected => $"{Multiple} of {JsonNamingPolicy.CamelCase.ConvertName(Other)}";

    string Multiple => Even ? "an even multiple" : "a multiple";

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The record has no such option.</exception>
    protected override string? Violation(object value, object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var property = options.GetType().GetProperty(Other) ?? throw Errors.WrongState($"'{options.GetType()}' has no option '{Other}'", "Name another option of the same record in [MultipleOf]");
        var unit = Convert.ToInt64(property.GetValue(options), CultureInfo.InvariantCulture);
        return unit <= 0 || Convert.ToInt64(value, CultureInfo.InvariantCulture) % (Even ? 2 * unit : unit) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{Multiple} of {Other} ({unit})");
    }
}
