using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Components;
using Xunit;

namespace MLPipelines.Core.Tests.Components;

public sealed class ComponentReferenceTests
{
    static readonly ComponentRegistry s_registry = new ComponentRegistry().AddAssembly(ComponentRegistryTests.AssemblyWith(typeof(Apple), typeof(NextApple), typeof(Flint), typeof(StoneApple)));

    [Theory]
    [InlineData("apple", "fruit.apple.v2")]
    [InlineData("fruit.apple", "fruit.apple.v2")]
    [InlineData("apple.v1", "fruit.apple.v1")]
    [InlineData("fruit.apple.v1", "fruit.apple.v1")]
    public void Short_name_means_the_newest_version_of_the_kind_asked_for(string name, string id) => Assert.Equal(id, new ComponentReference(name).Find<IFruit>(s_registry).Id);

    [Fact]
    public void Component_is_made_with_the_options_of_the_reference()
    {
        var reference = new ComponentReference("apple.v1", new JsonObject { ["sweetness"] = 3 });

        Assert.Equal("FullyRipe 3", reference.Resolve<IFruit>(s_registry).Taste);
        Assert.Equal("FullyRipe 5", new ComponentReference("apple.v1").Resolve<IFruit>(s_registry).Taste);
        Assert.Equal("appleapple0", new ComponentReference("apple").Resolve<IFruit>(s_registry, StringComparer.OrdinalIgnoreCase).Taste);
    }

    [Theory]
    [InlineData("aple", "'fruit.apple.v1' or 'fruit.apple.v2'")]
    [InlineData("fruit.apple.v3", "'fruit.apple.v1' or 'fruit.apple.v2'")]
    [InlineData("Apple", "'fruit.apple.v1' or 'fruit.apple.v2'")]
    public void Unknown_name_lists_what_there_is_and_what_comes_close(string name, string close) => AssertMessage(
        $"MLP011: there is no MLPipelines.Core.Tests.Components.IFruit '{name}'. Expected: one of 'fruit.apple.v1', 'fruit.apple.v2'. Did you mean {close}?",
        () => new ComponentReference(name).Find<IFruit>(s_registry));

    [Fact]
    public void Name_far_from_all_gets_no_suggestion() => AssertMessage(
        "MLP011: there is no MLPipelines.Core.Tests.Components.IFruit 'rhododendron'. Expected: one of 'fruit.apple.v1', 'fruit.apple.v2'. Check the spelling, or add the plugin that contains it.",
        () => new ComponentReference("rhododendron").Find<IFruit>(s_registry));

    [Fact]
    public void Name_of_another_kind_is_said_to_be_one() => AssertMessage(
        "MLP006: the component 'stone.flint.v12' is not a MLPipelines.Core.Tests.Components.IFruit. Expected: one of 'fruit.apple.v1', 'fruit.apple.v2'.",
        () => new ComponentReference("flint").Find<IFruit>(s_registry));

    [Fact]
    public void Name_that_fits_two_kinds_is_ambiguous_unless_the_type_decides()
    {
        AssertMessage(
            "MLP012: the name 'apple' fits several components. Expected: one of 'fruit.apple.v1', 'fruit.apple.v2', 'stone.apple.v1'. Write the kind too, or the whole id.",
            () => new ComponentReference("apple").Find<object>(s_registry));
        Assert.Equal("stone.apple.v1", new ComponentReference("stone.apple").Find<object>(s_registry).Id);
    }

    [Fact]
    public void Wrong_options_are_reported_for_the_component()
    {
        var error = Assert.Throws<ArgumentException>(() => new ComponentReference("apple.v1", new JsonObject { ["sweetnes"] = 3 }).Resolve<IFruit>(s_registry));
        Assert.StartsWith("MLP009: the options of 'fruit.apple.v1' could not be read", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"tiger\"", "tiger", null)]
    [InlineData("""{"component":"tiger"}""", "tiger", null)]
    [InlineData("""{"Component":"tiger","Options":{"beta":0.5}}""", "tiger", """{"beta":0.5}""")]
    [InlineData("""{"component":"tiger","options":null}""", "tiger", null)]
    public void Json_is_a_text_or_an_object(string json, string component, string? options)
    {
        var reference = JsonSerializer.Deserialize<ComponentReference>(json)!;

        Assert.Equal(component, reference.Component);
        Assert.Equal(options, reference.Options?.ToJsonString());
        Assert.Equal(reference, ComponentReference.Parse(json));
    }

    [Theory]
    [InlineData("12")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"component":5}""")]
    [InlineData("""{"component":"tiger","options":[1]}""")]
    [InlineData("""{"component":"tiger","opts":{}}""")]
    [InlineData("""{"component":"tiger","component":"lion"}""")]
    public void Other_json_is_refused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ComponentReference>(json));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("[1]")]
    [InlineData("{\"component\"")]
    public void Text_that_is_no_reference_is_a_format_error(string text) => Assert.Throws<FormatException>(() => ComponentReference.Parse(text));

    [Fact]
    public void References_inside_options_are_read_and_written()
    {
        var options = new Salad { Main = "apple", Others = ["flint", new("apple.v1", new JsonObject { ["sweetness"] = 1 })] };
        var json = OptionsJson.Write(options);

        Assert.Equal("""{"main":"apple","others":["flint",{"component":"apple.v1","options":{"sweetness":1}}]}""", json.ToJsonString());
        var read = OptionsJson.Read<Salad>(json, "fruit.salad.v1");
        Assert.Equal(options.Main, read.Main);
        Assert.Equal(options.Others, read.Others);
    }

    [Fact]
    public void Reference_keeps_its_own_copy_of_the_options()
    {
        var options = new JsonObject { ["beta"] = 0.5 };
        var reference = new ComponentReference("tiger", options);
        options["beta"] = 0.9;

        Assert.Equal("""{"component":"tiger","options":{"beta":0.5}}""", reference.ToString());
        Assert.Equal(reference, new ComponentReference("tiger", new JsonObject { ["beta"] = 0.5 }));
        Assert.NotEqual(reference, new ComponentReference("tiger"));
    }

    [Fact]
    public void Every_text_is_read_back_or_refused_as_a_format_error() => Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
    {
        if (text is null) return;
        try
        {
            var reference = ComponentReference.Parse(text);
            Assert.Equal(reference, JsonSerializer.Deserialize<ComponentReference>(JsonSerializer.Serialize(reference)));
        }
        catch (FormatException)
        {
        }
    }).QuickCheckThrowOnFailure();

    static void AssertMessage(string message, Action action) => Assert.Equal(message, Assert.Throws<ArgumentException>(action).Message);
}

public sealed record Salad
{
    public ComponentReference? Main { get; init; }

    public IReadOnlyList<ComponentReference> Others { get; init; } = [];
}

/// <summary>The name of another kind's component.</summary>
[PipelineComponent("stone.apple.v1")]
public sealed class StoneApple;
