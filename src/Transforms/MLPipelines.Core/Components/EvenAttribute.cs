using System.Globalization;
using System.Text.Json.Nodes;

namespace MLPipelines.Components;

/// <summary>A whole number that has to be even, such as a width whose elements are taken in pairs.</summary>
public sealed class EvenAttribute : OptionRuleAttribute
{
    /// <inheritdoc/>
    public override string Expected => "even";

    /// <inheritdoc/>
    public override void AddTo(JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema["multipleOf"] = 2;
    }

    /// <inheritdoc/>
    protected override string? Violation(object value, object options) => Convert.ToInt64(value, CultureInfo.InvariantCulture) % 2 == 0 ? null : "even";
}
