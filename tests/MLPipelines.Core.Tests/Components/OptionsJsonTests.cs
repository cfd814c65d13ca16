using System.Text.Json.Nodes;
using MLPipelines.Components;
using Xunit;

namespace MLPipelines.Core.Tests.Components;

public sealed class OptionsJsonTests
{
    [Fact]
    public void Write_gives_every_value_in_camel_case_and_leaves_out_what_is_no_configuration()
    {
        using var source = new CancellationTokenSource();

        Assert.Equal("""{"sweetness":5,"ripeness":"fullyRipe","weight":null}""", OptionsJson.Write(new Apple.Options { CancellationToken = source.Token }).ToJsonString());
    }

    [Fact]
    public void Read_gives_back_what_was_written()
    {
        var options = new Apple.Options { Sweetness = 7, Ripeness = Ripeness.Green, Weight = 0.1 };

        Assert.Equal(options, OptionsJson.Read<Apple.Options>(OptionsJson.Write(options), "fruit.apple.v1"));
    }

    [Fact]
    public void Infinite_values_survive()
        => Assert.Equal(double.PositiveInfinity, OptionsJson.Read<Apple.Options>(OptionsJson.Write(new Apple.Options { Weight = double.PositiveInfinity }), "fruit.apple.v1").Weight);

    [Fact]
    public void Enumerations_are_not_read_from_numbers()
        => Assert.StartsWith("MLP009: the options of 'fruit.apple.v1' could not be read ($.ripeness).",
            Assert.Throws<ArgumentException>(() => OptionsJson.Read<Apple.Options>(new JsonObject { ["ripeness"] = 1 }, "fruit.apple.v1")).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_is_refused()
    {
        JsonNode deep = 1;
        for (var i = 0; i < 50; i++) deep = new JsonArray(deep);

        Assert.Throws<ArgumentException>(() => OptionsJson.Read<Apple.Options>(new JsonObject { ["sweetness"] = deep }, "fruit.apple.v1"));
    }
}
