using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests;

/// <summary>Reads tests/goldens; its README says which third-party code computed the numbers.</summary>
sealed class Golden(string name)
{
    readonly JsonElement _root = JsonDocument.Parse(File.ReadAllBytes(PathOf(name))).RootElement;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "goldens", name);

    /// <summary>An entry by path. A key may be given by its beginning, because some keys contain comments.</summary>
    public JsonElement this[params string[] path] => path.Aggregate(_root, (node, key) => node.EnumerateObject().First(p => p.Name == key || p.Name.StartsWith(key, StringComparison.Ordinal)).Value);

    public Tensor Tensor(params string[] path) => ToTensor(this[path]);

    public static Tensor ToTensor(JsonElement node)
    {
        var shape = node.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var data = node.GetProperty("data").EnumerateArray();
        return node.GetProperty("dtype").GetString() == "int64"
            ? tensor(data.Select(value => value.GetInt64()).ToArray()).view(shape)
            : tensor(data.Select(Number).ToArray()).view(shape);
    }

    static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : value.GetString() switch
    {
        "-inf" => double.NegativeInfinity,
        "inf" => double.PositiveInfinity,
        _ => double.NaN,
    };

    /// <summary>The largest absolute difference; infinities of one sign are equal.</summary>
    public static double Distance(Tensor a, Tensor b)
    {
        Assert.Equal(a.shape, b.shape);
        var (x, y) = (a.to(ScalarType.Float64).cpu().flatten().data<double>().ToArray(), b.to(ScalarType.Float64).cpu().flatten().data<double>().ToArray());
        return x.Zip(y, (p, q) => p.Equals(q) ? 0 : Math.Abs(p - q)).Append(0).Max();
    }
}
