using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Testing;

namespace MLPipelines.Core.Tests.Contract;

static class ToyCases
{
    public sealed class Row
    {
        public float X { get; set; }

        public float Label { get; set; }

        public float Other { get; set; }
    }

    public sealed class TextRow
    {
        public string Text { get; set; } = "";

        public float Other { get; set; }
    }

    public sealed class VectorRow
    {
        [VectorType(3)]
        public float[] F { get; set; } = [];

        [KeyType(3)]
        public uint Key { get; set; }

        public float Other { get; set; }
    }

    public static ContractCase Toy(Fault fault)
    {
        var options = new MeanCenter.Options();
        return new(
            create: (_, token) => new MeanCenter(options = new() { Fault = fault, CancellationToken = token }),
            data: Numbers,
            required: ["X"])
        {
            RequiredForFit = ["Label"],
            Options = () => options,
        };
    }

    public static IDataView Numbers(MLContext ml)
        => ml.Data.LoadFromEnumerable(Enumerable.Range(1, 12).Select(i => new Row { X = (i * i % 7) + i, Label = i, Other = -i }).ToArray());

    public static IDataView Vectors(MLContext ml) => ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 12).Select(i => new VectorRow { F = [i, (i * i % 7) - 3, 1 - (0.5f * i)], Key = (uint)(i % 3), Other = -i }).ToArray());

    public static IDataView Texts(MLContext ml)
        => ml.Data.LoadFromEnumerable(new[] { "Hello world", "a b c", "RoFormer  rotates", "", "x" }.Select(text => new TextRow { Text = text, Other = text.Length }).ToArray());
}
