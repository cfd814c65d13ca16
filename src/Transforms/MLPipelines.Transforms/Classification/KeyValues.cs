using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Classification;

/// <summary>Key values that are no text: what the keys of a label column stand for, as an array of their own type.</summary>
/// <remarks>So a predicted key becomes again the number, date or truth value that it was made from. Text needs no array: the names of the classes are the key values then.</remarks>
static class KeyValues
{
    /// <summary>Where a package has them.</summary>
    public const string Key = "keyValues";

    static readonly IReadOnlyDictionary<Type, PrimitiveDataViewType> s_types = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64,
        NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double, BooleanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
        TimeSpanDataViewType.Instance,
    }.ToDictionary(type => type.RawType);

    static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    static readonly MethodInfo s_add = typeof(KeyValues).GetMethod(nameof(AddValues), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Whether values of a type can be kept.</summary>
    public static bool IsKnown(Type type) => s_types.ContainsKey(type);

    /// <summary>Adds the annotation by which ML.NET knows what keys stand for.</summary>
    public static void Add(DataViewSchema.Annotations.Builder builder, Array values) => s_add.MakeGenericMethod(values.GetType().GetElementType()!).Invoke(null, [builder, values]);

    static void AddValues<T>(DataViewSchema.Annotations.Builder builder, T[] values)
    {
        ValueGetter<VBuffer<T>> get = (ref VBuffer<T> value) => new VBuffer<T>(values.Length, values).CopyTo(ref value);
        builder.Add("KeyValues", new VectorDataViewType(s_types[typeof(T)], values.Length), get);
    }

    /// <summary>The form in which a package has them.</summary>
    public static JsonObject Write(Array values) => new() { ["type"] = values.GetType().GetElementType()!.Name, ["values"] = JsonSerializer.SerializeToNode(values, values.GetType(), s_json) };

    /// <summary>Reads what <see cref="Write"/> gave, possibly from an untrusted file; null where there is nothing.</summary>
    /// <exception cref="InvalidDataException">The type is unknown or the values are none of it.</exception>
    public static Array? Read(JsonNode? json)
    {
        if (json is null) return null;
        var type = (json as JsonObject)?["type"] is JsonValue value && value.TryGetValue<string>(out var name) ? s_types.Keys.FirstOrDefault(known => known.Name == name) : null;
        try
        {
            return type is null ? throw Failures.PartMalformed(typeof(KeyValues)) : json["values"].Deserialize(type.MakeArrayType(), s_json) as Array ?? throw Failures.PartMalformed(typeof(KeyValues));
        }
        catch (JsonException)
        {
            throw Failures.PartMalformed(typeof(KeyValues));
        }
    }
}
