using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>Where one tensor lies in the data part of a safetensors file.</summary>
sealed record TensorEntry(string Name, string DType, TensorType Type, long[] Shape, long Begin, long End);

/// <summary>The header of a safetensors file: read with suspicion, before anything is allocated for the data.</summary>
sealed record SafetensorsHeader(IReadOnlyList<TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The reference implementation's own limit.</summary>
    public const long MaximumLength = 100_000_000;

    const string MetadataName = "__metadata__";
    const int MaximumRank = 64;

    /// <summary>The number of data bytes.</summary>
    public long DataLength => Tensors.Count == 0 ? 0 : Tensors[^1].End;

    /// <summary>Reads a header's JSON. The tensors come back in the order of their data, which has neither holes nor overlaps.</summary>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, string source)
    {
        if (json.IsEmpty || json.Span[0] != (byte)'{') throw Errors.Tensors("the header is not a JSON object", source, "'{' as its first byte");
        if (!Utf8.IsValid(json.Span)) throw Errors.Tensors("the header is not valid UTF-8", source);
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 4, AllowDuplicateProperties = false });
            return Read(document.RootElement, source);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Errors.Tensors("the header is not valid JSON", source, got: exception.Message.TrimEnd('.'), inner: exception);
        }
    }

    static SafetensorsHeader Read(JsonElement root, string source)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new List<TensorEntry>();
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == MetadataName) ReadMetadata(property.Value, metadata, source);
            else tensors.Add(ReadTensor(property.Name, property.Value, source));
        }

        tensors.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        CheckContiguous(tensors, source);
        return new(tensors, metadata);
    }

    static void ReadMetadata(JsonElement json, Dictionary<string, string> metadata, string source)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Errors.Tensors($"'{MetadataName}' is not an object", source);
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String) throw Errors.Tensors($"the metadata value '{property.Name}' is not a string", source);
            metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    static TensorEntry ReadTensor(string name, JsonElement json, string source)
    {
        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("dtype", out var dtypeJson) || dtypeJson.ValueKind != JsonValueKind.String
            || !json.TryGetProperty("shape", out var shapeJson) || Numbers(shapeJson) is not { } shape
            || !json.TryGetProperty("data_offsets", out var offsetsJson) || Numbers(offsetsJson) is not [var begin, var end])
        {
            throw Errors.Tensors($"the entry of tensor '{name}' is malformed", source, "a dtype string, a shape and two data_offsets, all whole numbers from 0 up");
        }

        var dtype = dtypeJson.GetString()!;
        var type = TensorType.Find(dtype)
            ?? throw Errors.Tensors($"the tensor '{name}' has an unknown type", source, string.Join(", ", TensorType.Names), $"'{dtype}'");
        if (shape.Length > MaximumRank)
            throw Errors.Tensors($"the tensor '{name}' has too many dimensions", source, Invariant($"at most {MaximumRank}"), Invariant($"{shape.Length}"));
        var bytes = type.BytesOf(shape) ?? throw Errors.Tensors($"the size of tensor '{name}' overflows", source, got: $"{dtype} [{string.Join(", ", shape)}]");
        if (bytes > Array.MaxLength)
            throw Errors.Tensors($"the tensor '{name}' is too large", source, Invariant($"at most {Array.MaxLength} bytes"), Invariant($"{bytes} bytes"));
        if (end < begin || end - begin != bytes)
            throw Errors.Tensors($"the offsets of tensor '{name}' do not fit its shape", source, Invariant($"{bytes} bytes"), Invariant($"offsets {begin} to {end}"));
        return new(name, dtype, type, shape, begin, end);
    }

    static void CheckContiguous(List<TensorEntry> tensors, string source)
    {
        var position = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin != position)
            {
                var how = tensor.Begin < position ? "overlap those of another tensor" : "leave a hole before them";
                throw Errors.Tensors($"the data of tensor '{tensor.Name}' {how}", source, Invariant($"offset {position}"), Invariant($"offset {tensor.Begin}"));
            }

            position = tensor.End;
        }
    }

    static long[]? Numbers(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return null;
        var numbers = new long[json.GetArrayLength()];
        var i = 0;
        foreach (var item in json.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var number) || number < 0) return null;
            numbers[i++] = number;
        }

        return numbers;
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
