using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MLPipelines.Components;

/// <summary>Every message of this assembly: one method per message, each with a code that never changes its meaning.</summary>
/// <remarks>
/// A message says what is wrong, where, what was expected, what was found, and what to do. The codes MLP001 to MLP099 belong to this
/// assembly; MLP100 to MLP199 to MLPipelines.Transforms, MLP200 to MLP299 to MLPipelines.Trainers, MLP300 to MLP399 to the
/// command line tool. Plugins use a prefix of their own with <see cref="Text"/>.
/// </remarks>
public static partial class Errors
{
    /// <summary>Builds a message in the house form: <c>CODE: what (where). Expected: …. Got: …. Advice.</c></summary>
    /// <param name="code">The code, for example <c>MLP010</c>.</param>
    /// <param name="what">What is wrong, one sentence without a full stop.</param>
    /// <param name="where">Where: a file and line, a component, a tensor.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="got">What is there.</param>
    /// <param name="advice">What to do about it, one sentence without a full stop.</param>
    public static string Text(string code, string what, string? where = null, string? expected = null, string? got = null, string? advice = null)
    {
        var text = new StringBuilder(code).Append(": ").Append(what);
        if (where is not null) text.Append(" (").Append(where).Append(')');
        text.Append('.');
        if (expected is not null) text.Append(" Expected: ").Append(expected).Append('.');
        if (got is not null) text.Append(" Got: ").Append(got).Append('.');
        if (advice is not null) text.Append(' ').Append(advice).Append(advice.EndsWith('?') ? "" : ".");
        return Printable(text.ToString());
    }

    // Names come from files that may be hostile, and messages go to terminals, which control characters would command.
    static string Printable(string text) => text.Any(IsCommand) ? string.Concat(text.Select(c => IsCommand(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString())) : text;

    static bool IsCommand(char c) => char.IsControl(c) && c is not '\n';

    /// <summary>MLP002: a class is used as a component but has no id.</summary>
    /// <param name="type">The class.</param>
    public static ArgumentException NotAComponent(Type type)
        => new(Text("MLP002", $"'{Name(type)}' is not a component", advice: "Put [PipelineComponent(\"kind.name.v1\")] on the class"));

    /// <summary>MLP003: an id does not have the form that ids have.</summary>
    /// <param name="id">The id.</param>
    /// <param name="type">The class that carries it.</param>
    public static ArgumentException MalformedComponentId(string id, Type type)
        => new(Text("MLP003", $"the component id '{id}' is malformed", Name(type), "kind.name.vN in lower case, such as loss.zlpr.v1"));

    /// <summary>MLP004: two classes have the same id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="present">The class that had it first.</param>
    /// <param name="added">The class that was added.</param>
    public static ArgumentException DuplicateComponent(string id, Type present, Type added)
        => new(Text("MLP004", $"two classes have the component id '{id}'", got: $"{Name(present)} and {Name(added)}",
            advice: "Give one of them another name or the next version"));

    /// <summary>MLP005: no component has an id.</summary>
    /// <param name="id">The id asked for.</param>
    /// <param name="known">The ids that exist; those of the same kind are listed, or all when there are none of that kind.</param>
    /// <param name="problems">What was left out when components were looked for; the id may have been in it.</param>
    public static ArgumentException UnknownComponent(string id, IEnumerable<string> known, params IEnumerable<string> problems)
    {
        ArgumentNullException.ThrowIfNull(id);
        var all = known.ToList();
        var kind = id.Split('.')[0] + ".";
        var same = all.Where(candidate => candidate.StartsWith(kind, StringComparison.Ordinal)).ToList();
        return new(Text("MLP005", $"there is no component '{id}'", expected: $"one of {List(same.Count > 0 ? same : all)}",
            advice: "Check the spelling, or add the plugin that contains it") + string.Concat(problems.Select(problem => "\n  " + problem)));
    }

    /// <summary>MLP006: a component exists but is not of the kind needed.</summary>
    /// <param name="component">The component.</param>
    /// <param name="wanted">What it should be.</param>
    /// <param name="possible">The ids of the components that are.</param>
    public static ArgumentException WrongComponentKind(ComponentInfo component, Type wanted, IEnumerable<string> possible)
    {
        ArgumentNullException.ThrowIfNull(component);
        return new(Text("MLP006", $"the component '{component.Id}' is not a {Name(wanted)}", expected: $"one of {List(possible)}"));
    }

    /// <summary>MLP007: no constructor of a component can be called with what is at hand.</summary>
    /// <param name="component">The component.</param>
    /// <param name="services">The arguments that were offered beside the options.</param>
    public static ArgumentException CannotConstruct(ComponentInfo component, IEnumerable<object> services)
    {
        ArgumentNullException.ThrowIfNull(component);
        var constructors = component.Type.GetConstructors().Select(constructor => constructor.GetParameters().Select(parameter => Name(parameter.ParameterType)))
            .Select(parameters => $"({string.Join(", ", parameters)})");
        return new(Text("MLP007", $"no constructor of '{component.Id}' can be called", expected: $"arguments for one of {List(constructors)}",
            got: List(services.Select(service => Name(service.GetType())).Distinct())));
    }

    /// <summary>MLP008: options break their own rules.</summary>
    /// <param name="componentId">The component.</param>
    /// <param name="errors">One line for each violation.</param>
    public static ArgumentException InvalidOptions(string componentId, IEnumerable<string> errors)
        => new(Text("MLP008", $"the options of '{componentId}' are not valid") + string.Concat(errors.Select(error => "\n  " + error)));

    /// <summary>MLP009: options could not be read from JSON.</summary>
    /// <param name="componentId">The component.</param>
    /// <param name="exception">What the reader said.</param>
    public static ArgumentException OptionsNotReadable(string componentId, JsonException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(Text("MLP009", $"the options of '{componentId}' could not be read", exception.Path, got: exception.Message.TrimEnd('.')), exception);
    }

    /// <summary>MLP010: options are JSON, but not an object.</summary>
    /// <param name="componentId">The component.</param>
    /// <param name="json">What was given.</param>
    public static ArgumentException OptionsNotAnObject(string componentId, JsonElement json)
        => new(Text("MLP010", $"the options of '{componentId}' are not an object", expected: "a JSON object such as {\"dropout\": 0.1}",
            got: $"JSON {json.ValueKind}"));

    static string List(IEnumerable<string> items)
    {
        const int Shown = 40;
        var list = items.ToList();
        if (list.Count == 0) return "(none)";
        return string.Join(", ", list.Take(Shown).Select(item => $"'{item}'")) + (list.Count > Shown ? " and more" : "");
    }

    static string Name(Type type) => type.FullName?.Replace('+', '.') ?? type.Name;
}
