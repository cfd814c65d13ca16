using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using Xunit;

namespace MLPipelines.Core.Tests.Components;

public sealed class OptionRuleTests
{
    static class Shapes
    {
        public static IReadOnlyList<string> Names { get; } = ["round", "square"];
    }

    public sealed record Options
    {
        [Range(2, 64), Even]
        public int Width { get; init; } = 8;

        [Even]
        public long? Depth { get; init; }

        public int Heads { get; init; } = 2;

        [MultipleOf(nameof(Heads), Even = true)]
        public int Hidden { get; init; } = 8;

        [MultipleOf(nameof(Heads))]
        public int? Inner { get; init; }

        [Required, OneOf(typeof(Shapes))]
        public string Shape { get; init; } = "round";

        [OneOf("red", "blue")]
        public string? Colour { get; init; }
    }

    static string Message(Options options) => Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(options, "toy.rules.v1")).Message;

    [Fact]
    public void Values_that_keep_the_rules_and_missing_ones_are_accepted()
    {
        OptionsValidator.Validate(new Options(), "toy.rules.v1");
        OptionsValidator.Validate(new Options { Width = 2, Depth = -4, Heads = 3, Hidden = 12, Inner = 9, Shape = "square", Colour = "blue" }, "toy.rules.v1");
        // What is wrong is the number of heads, not what should be a multiple of it.
        OptionsValidator.Validate(new Options { Heads = 0 }, "toy.rules.v1");
    }

    [Fact]
    public void Every_violation_says_what_was_expected_and_found()
    {
        var message = Message(new() { Width = 7, Depth = 3, Heads = 3, Hidden = 9, Inner = 8, Shape = "flat", Colour = "Red" });
        foreach (var line in new[]
        {
            "Width: The field Width must be even, found 7.", "Depth: The field Depth must be even, found 3.", "Hidden: The field Hidden must be an even multiple of Heads (3), found 9.",
            "Inner: The field Inner must be a multiple of Heads (3), found 8.", "Shape: The field Shape must be one of round, square, found 'flat'.", "Colour: The field Colour must be one of red, blue, found 'Red'.",
        }) Assert.Contains(line, message, StringComparison.Ordinal);
        Assert.DoesNotContain("Got:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_rules_of_the_platform_still_say_what_was_found()
    {
        var message = Message(new() { Width = 101, Shape = null! });
        Assert.Contains("between 2 and 64. Got: 101.", message, StringComparison.Ordinal);
        Assert.Contains("must be even, found 101.", message, StringComparison.Ordinal);
        Assert.Contains("The Shape field is required. Got: nothing.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("one of round", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_has_the_rules_that_it_can_say()
    {
        var properties = OptionsSchema.Of(typeof(Options))["properties"]!;
        Assert.Equal((2, 2, 64), ((int)properties["width"]!["multipleOf"]!, (int)properties["width"]!["minimum"]!, (int)properties["width"]!["maximum"]!));
        Assert.Equal(["round", "square"], properties["shape"]!["enum"]!.AsArray().Select(name => (string)name!));
        Assert.Null(properties["hidden"]!["multipleOf"]);
    }

    [Fact]
    public void Help_names_them_in_few_words() =>
        Assert.Equal(["even", "an even multiple of heads", "round|square"], new OptionRuleAttribute[] { new EvenAttribute(), new MultipleOfAttribute("Heads") { Even = true }, new OneOfAttribute(typeof(Shapes)) }.Select(rule => rule.Expected));

    public sealed record Wrong
    {
        [MultipleOf("Missing")]
        public int Width { get; init; } = 8;

        [OneOf(typeof(string))]
        public string? Name { get; init; }
    }

    [Fact]
    public void A_rule_that_names_nothing_is_the_programmers_mistake()
    {
        Assert.Contains("'Missing'", Assert.Throws<InvalidOperationException>(() => OptionsValidator.Validate(new Wrong(), "toy.wrong.v1")).Message, StringComparison.Ordinal);
        Assert.Contains("no list of names", Assert.Throws<InvalidOperationException>(() => new OneOfAttribute(typeof(string)).Names).Message, StringComparison.Ordinal);
    }
}
