using System.Globalization;
using System.Text.Json;
using MLPipelines.Persistence;
using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>A file of golden numbers: tensors as {"shape", "dtype", "data"}, keys found by their beginning.</summary>
internal sealed class GoldenFile
{
    private readonly JsonElement _root;

    internal GoldenFile(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        _root = document.RootElement.Clone();
    }

    /// <summary>The value under a path of keys; each key may be given by its beginning.</summary>
    internal JsonElement Find(params ReadOnlySpan<string> keys)
    {
        var element = _root;
        foreach (var key in keys)
        {
            element = element.TryGetProperty(key, out var exact) ? exact : element.EnumerateObject().First(property => property.Name.StartsWith(key, StringComparison.Ordinal)).Value;
        }

        return element;
    }

    internal Tensor Tensor(params ReadOnlySpan<string> keys) => ToTensor(Find(keys));

    internal static Tensor ToTensor(JsonElement golden)
    {
        var shape = golden.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var values = golden.GetProperty("data").EnumerateArray().Select(Number).ToArray();
        var result = tensor(values, shape, dtype: ScalarType.Float64);
        return golden.GetProperty("dtype").GetString() == "int64" ? result.to(ScalarType.Int64) : result;
    }

    /// <summary>The tensors of an object, in float64.</summary>
    internal static IReadOnlyDictionary<string, TensorData> Tensors(JsonElement tensors) => tensors.EnumerateObject().ToDictionary(
        entry => entry.Name,
        entry => new TensorData(
            "F64",
            [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())],
            entry.Value.GetProperty("data").EnumerateArray().SelectMany(value => BitConverter.GetBytes(Number(value))).ToArray()),
        StringComparer.Ordinal);

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : value.GetString() switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        var text => double.Parse(text!, CultureInfo.InvariantCulture),
    };
}
