using System.Text.Json;
using TorchSharp;

namespace MLPipelines.Trainers.Tests;

/// <summary>Reads tests/goldens/*.json: tensors {"shape", "dtype", "data"}; "inf", "-inf" and "nan" are strings.</summary>
static class Golden
{
    public static JsonElement Load(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "goldens", name);
            if (File.Exists(path)) return JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        }
        throw new FileNotFoundException($"tests/goldens/{name} is not above {AppContext.BaseDirectory}");
    }

    /// <summary>The member whose name begins with a prefix (names carry comments in parentheses).</summary>
    public static JsonElement At(this JsonElement element, string prefix) => element.EnumerateObject().First(p => p.Name.StartsWith(prefix, StringComparison.Ordinal)).Value;

    public static torch.Tensor Tensor(this JsonElement element, torch.ScalarType dtype)
    {
        var shape = element.GetProperty("shape").EnumerateArray().Select(x => x.GetInt64()).ToArray();
        using var raw = torch.tensor(element.GetProperty("data").EnumerateArray().Select(Number).ToArray(), shape, torch.ScalarType.Float64);
        return raw.to(dtype);
    }

    public static double Number(this JsonElement x) => x.ValueKind == JsonValueKind.Number
        ? x.GetDouble()
        : x.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN };
}
