using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MLPipelines.Components;

namespace MLPipelines.Core.Tests.Components;

public interface IFruit
{
    string Taste { get; }
}

public enum Ripeness
{
    Green,
    FullyRipe,
}

[PipelineComponent("fruit.apple.v1", Source = "https://example.org/apple", Summary = "An apple")]
public sealed class Apple(Apple.Options options) : IFruit
{
    public sealed record Options
    {
        [Range(0, 10)]
        public int Sweetness { get; init; } = 5;

        public Ripeness Ripeness { get; init; } = Ripeness.FullyRipe;

        public double? Weight { get; init; }

        [JsonIgnore]
        public CancellationToken CancellationToken { get; init; }
    }

    public Options Settings { get; } = OptionsValidator.Validate(options, "fruit.apple.v1");

    public string Taste => $"{Settings.Ripeness} {Settings.Sweetness}";
}

/// <summary>The next version lives beside the first, and takes services.</summary>
[PipelineComponent("fruit.apple.v2")]
public sealed class NextApple(NextApple.Options options, StringComparer comparer, int repeat = 2) : IFruit
{
    public sealed record Options
    {
        public string Name { get; init; } = "apple";
    }

    public string Taste => string.Concat(Enumerable.Repeat(options.Name, repeat)) + comparer.Compare("a", "A");
}

[PipelineComponent("stone.flint.v12")]
public sealed class Flint;

[PipelineComponent("Fruit.Bad.v1")]
public sealed class BadlyNamed;

[PipelineComponent("fruit.apple.v1")]
public sealed class SecondApple;
