using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using Xunit;

namespace MLPipelines.Core.Tests.Components;

public sealed class OptionsValidatorTests
{
    public sealed record Layer
    {
        [Range(1, 100)]
        public int Width { get; init; } = 10;
    }

    public sealed record Options : IValidatableObject
    {
        [Required]
        [RegularExpression("[a-z]+")]
        public string? Name { get; init; } = "name";

        [Range(0.0, 1.0, MaximumIsExclusive = true)]
        public double Rate { get; init; } = 0.5;

        [MinLength(1)]
        public IReadOnlyList<string> Labels { get; init; } = ["a"];

        public Layer Input { get; init; } = new();

        public IReadOnlyList<Layer> Hidden { get; init; } = [new()];

        public Options? Inner { get; init; }

        [Range(0, 100)]
        public int Minimum { get; init; }

        [Range(0, 100)]
        public int Maximum { get; init; } = 10;

        public Action? Callback { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Minimum > Maximum) yield return new("The field Minimum must not be above Maximum.", [nameof(Minimum)]);
        }
    }

    [Fact]
    public void Valid_options_are_returned_as_they_are()
    {
        var options = new Options();

        Assert.Same(options, OptionsValidator.Validate(options, "toy.all.v1"));
    }

    [Fact]
    public void Every_violation_is_reported_at_once()
    {
        var options = new Options
        {
            Name = "A1",
            Rate = 1,
            Labels = [],
            Input = new() { Width = 0 },
            Hidden = [new(), new() { Width = 101 }],
            Inner = new() { Name = null },
            Minimum = 20,
        };

        Assert.Equal(
            """
            MLP008: the options of 'toy.all.v1' are not valid.
              Name: The field Name must match the regular expression '[a-z]+'. Got: 'A1'.
              Rate: The field Rate must be between 0 and 1 exclusive. Got: 1.
              Labels: The field Labels must be a string or array type with a minimum length of '1'. Got: [].
              Input.Width: The field Width must be between 1 and 100. Got: 0.
              Hidden[1].Width: The field Width must be between 1 and 100. Got: 101.
              Inner.Name: The Name field is required. Got: nothing.
              Minimum: The field Minimum must not be above Maximum.
            """.ReplaceLineEndings("\n"),
            Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(options, "toy.all.v1")).Message);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(double.PositiveInfinity)]
    public void Values_that_are_no_number_in_the_range_are_refused(double rate)
        => Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(new Options { Rate = rate }, "toy.all.v1"));

    [Fact]
    public void Missing_value_has_one_violation() => Assert.Single(Violations(new Options { Name = null }));

    [Fact]
    public void Record_that_occurs_twice_is_reported_once()
    {
        var layer = new Layer { Width = 0 };

        Assert.Single(Violations(new Options { Input = layer, Hidden = [layer, layer] }));
    }

    [Fact]
    public void No_options_are_refused() => Assert.Throws<ArgumentNullException>(() => OptionsValidator.Validate<Options>(null!, "toy.all.v1"));

    static IEnumerable<string> Violations(Options options)
        => Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(options, "toy.all.v1")).Message.Split('\n').Skip(1);
}
