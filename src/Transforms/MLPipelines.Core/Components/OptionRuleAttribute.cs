using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MLPipelines.Components;

/// <summary>A rule for an option beyond its type and range. Validation, JSON Schema and the descriptions of components all take it from the attribute.</summary>
/// <remarks>A missing value breaks no rule; that one has to be there is what <see cref="RequiredAttribute"/> says. Rules of a plugin derive from this class as well.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public abstract class OptionRuleAttribute : ValidationAttribute
{
    /// <summary>What is expected, in few words, as it stands in help after the type: <c>even</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Adds to an option's JSON Schema what JSON Schema can say of the rule. The default adds nothing.</summary>
    /// <param name="schema">The schema of the option.</param>
    public virtual void AddTo(JsonObject schema)
    {
    }

    /// <summary>What a value that breaks the rule should have been, to follow "must be"; null where it is right.</summary>
    /// <param name="value">The value.</param>
    /// <param name="options">The record that it belongs to.</param>
    protected abstract string? Violation(object value, object options);

    /// <inheritdoc/>
    protected sealed override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        if (value is null || Violation(value, validationContext.ObjectInstance) is not { } expected) return ValidationResult.Success;
        var found = value is string text ? $"'{text}'" : Convert.ToString(value, CultureInfo.InvariantCulture);
        return new($"The field {validationContext.DisplayName} must be {expected}, found {found}.", [validationContext.MemberName!]);
    }
}
