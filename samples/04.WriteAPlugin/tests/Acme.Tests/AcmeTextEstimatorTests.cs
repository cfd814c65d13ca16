using Microsoft.ML;
using MLPipelines.Testing;
using Xunit;

namespace Acme.Tests;

[ContractOf(typeof(AcmeTextEstimator))]
public sealed class AcmeTextEstimatorContract : EstimatorContractTests
{
    readonly AcmeTextEstimator.Options _options = new();

    protected override ContractCase Case => new(
        create: (ml, _) => new AcmeTextEstimator(ml, _options),
        data: ml => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Row { Id = i, Text = $"ＡＢＣ\u3000\t{i}  x" })),
        required: ["Text"])
    {
        MaximumLookahead = 1,
        SupportsCancellation = false,
        Options = () => _options,
    };

    sealed class Row
    {
        public int Id { get; set; }

        public string Text { get; set; } = "";
    }
}

public sealed class AcmeTextEstimatorTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text", "plain text")]
    [InlineData("Ｈｅｌｌｏ，　ｗｏｒｌｄ！", "Hello, world!")]
    [InlineData("  two \t\n lines ", "two lines")]
    [InlineData("中文 123", "中文 123")]
    public void Text_becomes_even(string text, string even) => Assert.Equal(even, AcmeTextScorer.Even(text));
}
