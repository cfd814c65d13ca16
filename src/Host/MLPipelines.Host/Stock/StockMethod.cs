using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.ML;
using MLPipelines.Host.Settings;

namespace MLPipelines.Host.Stock;

/// <summary>One method of a catalog of <see cref="MLContext"/>.</summary>
internal sealed class StockMethod
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) } };

    private readonly IReadOnlyList<PropertyInfo> _path;
    private readonly MethodInfo _method;
    private readonly IReadOnlyList<ParameterInfo> _all;

    internal StockMethod(IReadOnlyList<PropertyInfo> path, MethodInfo method)
    {
        (_path, _method) = (path, method);
        Name = StockCatalog.Prefix + string.Join('.', path.Select(property => property.Name).Append(method.Name));
        _all = [.. method.GetParameters().Skip(method.IsStatic ? 1 : 0)];
        Parameters = [.. _all.Where(parameter => IsValue(parameter.ParameterType))];
    }

    internal string Name { get; }

    internal string AssemblyName => _method.DeclaringType!.Assembly.GetName().Name!;

    /// <summary>The parameters that can be written as JSON; the others keep their defaults.</summary>
    internal IReadOnlyList<ParameterInfo> Parameters { get; }

    internal bool IsStep => _method.ReturnType.IsAssignableTo(typeof(IEstimator<ITransformer>)) && _all.All(parameter => parameter.HasDefaultValue || IsValue(parameter.ParameterType));

    internal bool IsEvaluation => _method.Name.StartsWith("Evaluate", StringComparison.Ordinal) && _all is [{ } data, ..] && data.ParameterType == typeof(IDataView)
        && _all.Skip(1).All(parameter => parameter.HasDefaultValue || IsValue(parameter.ParameterType));

    /// <summary>Whether exactly these options can be given: each is a parameter, and nothing that is needed is missing.</summary>
    internal bool Fits(JsonObject options) =>
        options.All(option => Parameters.Any(parameter => IsNamed(parameter, option.Key))) && Parameters.All(parameter => IsOptional(parameter) || options.Any(option => IsNamed(parameter, option.Key)));

    internal static bool IsOptional(ParameterInfo parameter) => parameter.HasDefaultValue;

    internal static bool IsNamed(ParameterInfo parameter, string key) => Names.Key(parameter.Name!) == Names.Key(key);

    /// <summary>What a value looks like, for messages and listings.</summary>
    internal static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsArray ? "list of " + Expected(type.GetElementType()!)
            : type.IsEnum ? string.Join("|", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))
            : type == typeof(string) || type == typeof(char) ? "text"
            : type == typeof(bool) ? "true or false"
            : type == typeof(float) || type == typeof(double) ? "number" : "whole number";
    }

    /// <summary>The options with the names of the parameters, every value there.</summary>
    internal JsonObject Complete(JsonObject options) => new(Parameters.Select(parameter => KeyValuePair.Create(
        parameter.Name!, options.FirstOrDefault(option => IsNamed(parameter, option.Key)) is { Key: not null } given ? given.Value?.DeepClone() : DefaultOf(parameter))));

    /// <summary>The default as JSON.</summary>
    internal static JsonNode? DefaultOf(ParameterInfo parameter) =>
        parameter.HasDefaultValue && parameter.DefaultValue is { } value ? JsonSerializer.SerializeToNode(EnumOf(parameter, value), s_json) : null;

    /// <summary>Calls the method.</summary>
    /// <param name="context">The context whose catalogs are used.</param>
    /// <param name="options">What <see cref="Complete"/> gave.</param>
    /// <param name="data">The rows to measure, for an evaluation.</param>
    /// <param name="where">Gives the place of an option, for messages.</param>
    internal object Invoke(MLContext context, JsonObject options, IDataView? data, Func<string, string> where)
    {
        var arguments = _all.Select(parameter => parameter.ParameterType == typeof(IDataView) && data is not null && parameter.Position <= 1 ? data
            : IsValue(parameter.ParameterType) ? Read(parameter, options[parameter.Name!], where) : null);
        object catalog = _path.Aggregate((object)context, (owner, property) => property.GetValue(owner)!);
        return _method.Invoke(_method.IsStatic ? null : catalog, BindingFlags.DoNotWrapExceptions, null, [.. _method.IsStatic ? [catalog] : Array.Empty<object>(), .. arguments], null)!;
    }

    private static object? Read(ParameterInfo parameter, JsonNode? value, Func<string, string> where)
    {
        try
        {
            return value is null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null
                ? throw new JsonException() : value.Deserialize(parameter.ParameterType, s_json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UsageException($"{where(parameter.Name!)}: \"{parameter.Name}\": found {value?.ToJsonString() ?? "null"}, expected {Expected(parameter.ParameterType)}.");
        }
    }

    // Reflection gives the number of an enumeration's default.
    private static object EnumOf(ParameterInfo parameter, object value)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type.IsEnum ? Enum.ToObject(type, value) : value;
    }

    private static bool IsValue(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || (type.IsArray && type.GetElementType() is { IsArray: false } element && IsValue(element));
    }
}
