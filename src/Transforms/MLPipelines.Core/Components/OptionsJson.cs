using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLPipelines.Components;

/// <summary>Options records as JSON: the form they have in configuration files and in saved models.</summary>
/// <remarks>
/// Names are camel case (<c>hiddenSize</c>) and read without regard to case; enumerations are their names in camel case.
/// Reading is strict: a key that the record does not have is an error, so a misspelt option is never silently ignored.
/// A property that is not part of the configuration, such as a cancellation token, carries <see cref="JsonIgnoreAttribute"/>.
/// </remarks>
public static class OptionsJson
{
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowDuplicateProperties = false,
        MaxDepth = 32,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>How options are written and read, with its type information complete.</summary>
    internal static JsonSerializerOptions Serializer
    {
        get
        {
            s_json.MakeReadOnly(populateMissingResolver: true);
            return s_json;
        }
    }

    /// <summary>Reads and validates options.</summary>
    /// <typeparam name="T">The options record.</typeparam>
    /// <param name="json">A JSON object; the default (undefined) means every option's own default.</param>
    /// <param name="componentId">The component's id, for messages.</param>
    /// <exception cref="ArgumentException">The JSON does not fit the record, or the values are not valid.</exception>
    public static T Read<T>(JsonElement json, string componentId)
        where T : class => (T)Read(typeof(T), json, componentId);

    /// <inheritdoc cref="Read{T}(JsonElement, string)"/>
    public static T Read<T>(JsonObject json, string componentId)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read<T>(JsonSerializer.SerializeToElement(json), componentId);
    }

    /// <inheritdoc cref="Read{T}(JsonElement, string)"/>
    /// <param name="type">The options record.</param>
    /// <param name="json">A JSON object; the default (undefined) means every option's own default.</param>
    /// <param name="componentId">The component's id, for messages.</param>
    public static object Read(Type type, JsonElement json, string componentId)
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            var options = json.ValueKind == JsonValueKind.Undefined ? JsonSerializer.Deserialize("{}", type, s_json) : json.Deserialize(type, s_json);
            return OptionsValidator.Validate(options ?? throw Errors.OptionsNotAnObject(componentId, json), componentId);
        }
        catch (JsonException exception)
        {
            throw Errors.OptionsNotReadable(componentId, exception);
        }
    }

    /// <summary>Writes options, every value included, so that a saved model says completely how it was made.</summary>
    /// <param name="options">The options record.</param>
    public static JsonObject Write(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return JsonSerializer.SerializeToNode(options, options.GetType(), s_json)!.AsObject();
    }
}
