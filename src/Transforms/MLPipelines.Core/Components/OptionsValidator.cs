using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace MLPipelines.Components;

/// <summary>Checks options against their validation attributes.</summary>
public static class OptionsValidator
{
    /// <summary>Checks every option, those of nested records and lists of records too, and reports all violations at once.</summary>
    /// <remarks>Called by the registry and by the public constructor of every component, so that wrong options fail before any work is done.</remarks>
    /// <typeparam name="T">The options record.</typeparam>
    /// <param name="options">The options; never changed.</param>
    /// <param name="componentId">The component's id: the message begins with it.</param>
    /// <returns><paramref name="options"/>, so that a primary constructor can validate and keep them in one expression.</returns>
    /// <exception cref="ArgumentException">At least one option is not valid; the message has one line for each violation.</exception>
    public static T Validate<T>(T options, string componentId)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        Collect(options, path: "", errors, new(ReferenceEqualityComparer.Instance));
        return errors.Count == 0 ? options : throw Errors.InvalidOptions(componentId, errors);
    }

    static void Collect(object options, string path, List<string> errors, HashSet<object> seen)
    {
        if (!seen.Add(options)) return;

        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetMethod is not { IsPublic: true }) continue;
            var value = property.GetValue(options);
            errors.AddRange(Violations(options, property, value).Select(message => $"{path}{property.Name}: {message}"));
            CollectNested(value, path + property.Name, errors, seen);
        }

        if (options is IValidatableObject self)
        {
            var results = self.Validate(new(options)).Where(result => result != ValidationResult.Success);
            errors.AddRange(results.Select(result => $"{path}{string.Join(", ", result.MemberNames)}: {result.ErrorMessage}"));
        }
    }

    static IEnumerable<string> Violations(object options, PropertyInfo property, object? value)
    {
        var context = new ValidationContext(options) { MemberName = property.Name, DisplayName = property.Name };
        var attributes = property.GetCustomAttributes<ValidationAttribute>(inherit: true).ToList();

        // A missing value has one violation, however many rules it could not be checked against.
        var required = attributes.OfType<RequiredAttribute>().FirstOrDefault()?.GetValidationResult(value, context);
        return required is not null
            ? [WithFound(required.ErrorMessage!)]
            : attributes.Select(attribute => (attribute, Result: attribute.GetValidationResult(value, context))).Where(pair => pair.Result is not null)
                .Select(pair => pair.attribute is OptionRuleAttribute ? pair.Result!.ErrorMessage! : WithFound(pair.Result!.ErrorMessage!));

        // Those of the platform do not say what was found.
        string WithFound(string message) => $"{message} Got: {Show(value)}.";
    }

    static void CollectNested(object? value, string path, List<string> errors, HashSet<object> seen)
    {
        if (IsRecord(value))
        {
            Collect(value!, path + ".", errors, seen);
        }
        else if (value is IEnumerable items and not string)
        {
            var i = 0;
            foreach (var item in items)
            {
                if (IsRecord(item)) Collect(item!, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]."), errors, seen);
                i++;
            }
        }
    }

    // Options are records (house style), and the compiler gives every record class this method. Other objects that options may hold,
    // such as callbacks or contexts, are none of our business.
    static bool IsRecord(object? value) => value?.GetType().GetMethod("<Clone>$") is not null;

    static string Show(object? value) => value switch
    {
        null => "nothing",
        string text => $"'{text}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Take(8).Select(Show))}]",
        _ => value.ToString() ?? "nothing",
    };
}
