using System.Reflection;
using System.Text.Json;
using MLPipelines.Components;
using Xunit;

namespace MLPipelines.Core.Tests.Components;

public sealed class ComponentRegistryTests
{
    static readonly ComponentRegistry s_registry = new ComponentRegistry().AddAssembly(AssemblyWith(typeof(Apple), typeof(NextApple), typeof(Flint)));

    [Fact]
    public void Registry_lists_components_in_order()
        => Assert.Equal(["fruit.apple.v1", "fruit.apple.v2", "stone.flint.v12"], s_registry.Components.Select(component => component.Id));

    [Fact]
    public void Ids_are_those_of_the_kind_asked_for() => Assert.Equal(["fruit.apple.v1", "fruit.apple.v2"], s_registry.Ids<IFruit>());

    [Fact]
    public void Component_is_described_by_its_attribute_and_its_id()
    {
        var info = s_registry.Get("fruit.apple.v1");

        Assert.Equal(("fruit", "apple", 1), (info.Kind, info.Name, info.Version));
        Assert.Equal((typeof(Apple), typeof(Apple.Options)), (info.Type, info.OptionsType));
        Assert.Equal(("https://example.org/apple", "An apple"), (info.Source, info.Summary));
        Assert.Equal("fruit.apple.v1 (MLPipelines.Core.Tests.Components.Apple)", info.ToString());
        Assert.Null(s_registry.Get("stone.flint.v12").OptionsType);
        Assert.Equal(12, s_registry.Get("stone.flint.v12").Version);
    }

    [Fact]
    public void Create_uses_default_options() => Assert.Equal("FullyRipe 5", s_registry.Create<IFruit>("fruit.apple.v1").Taste);

    [Fact]
    public void Create_reads_options_without_regard_to_case()
        => Assert.Equal("Green 3", s_registry.Create<IFruit>("fruit.apple.v1", Json("""{"Sweetness": 3, "ripeness": "green"}""")).Taste);

    [Fact]
    public void Create_takes_services_by_type_and_defaults_for_the_rest()
        => Assert.Equal("pearpear0", s_registry.Create<IFruit>("fruit.apple.v2", Json("""{"name": "pear"}"""), StringComparer.OrdinalIgnoreCase).Taste);

    [Fact]
    public void Create_makes_components_without_options() => Assert.IsType<Flint>(s_registry.Create<object>("stone.flint.v12"));

    [Fact]
    public void Unknown_id_lists_those_of_the_same_kind()
        => AssertMessage("MLP005: there is no component 'fruit.aple.v1'. Expected: one of 'fruit.apple.v1', 'fruit.apple.v2'. Check the spelling, or add the plugin that contains it.",
            () => s_registry.Create<IFruit>("fruit.aple.v1"));

    [Fact]
    public void Unknown_kind_lists_every_id()
        => AssertMessage("MLP005: there is no component 'loss.zlpr.v1'. Expected: one of 'fruit.apple.v1', 'fruit.apple.v2', 'stone.flint.v12'. Check the spelling, or add the plugin that contains it.",
            () => s_registry.Get("loss.zlpr.v1"));

    [Fact]
    public void Empty_registry_says_that_there_is_nothing()
        => AssertMessage("MLP005: there is no component 'a.b.v1'. Expected: one of (none). Check the spelling, or add the plugin that contains it.", () => new ComponentRegistry().Get("a.b.v1"));

    [Fact]
    public void Component_of_another_kind_is_refused()
        => AssertMessage("MLP006: the component 'stone.flint.v12' is not a MLPipelines.Core.Tests.Components.IFruit. Expected: one of 'fruit.apple.v1', 'fruit.apple.v2'.",
            () => s_registry.Create<IFruit>("stone.flint.v12"));

    [Fact]
    public void Missing_service_is_named()
        => AssertMessage("MLP007: no constructor of 'fruit.apple.v2' can be called. Expected: arguments for one of "
            + "'(MLPipelines.Core.Tests.Components.NextApple.Options, System.StringComparer, System.Int32)'. Got: 'System.Version'.",
            () => s_registry.Create<IFruit>("fruit.apple.v2", default, new Version(1, 0)));

    [Fact]
    public void Misspelt_option_is_an_error()
    {
        var exception = Assert.Throws<ArgumentException>(() => s_registry.Create<IFruit>("fruit.apple.v1", Json("""{"sweetnes": 3}""")));

        Assert.StartsWith("MLP009: the options of 'fruit.apple.v1' could not be read ($.sweetnes).", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_given_twice_is_an_error()
        => Assert.StartsWith("MLP009: ", Assert.Throws<ArgumentException>(() => s_registry.Create<IFruit>("fruit.apple.v1", Json("""{"sweetness": 3, "sweetness": 4}"""))).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_that_are_not_an_object_are_an_error()
        => AssertMessage("MLP010: the options of 'fruit.apple.v1' are not an object. Expected: a JSON object such as {\"dropout\": 0.1}. Got: JSON Null.",
            () => s_registry.Create<IFruit>("fruit.apple.v1", Json("null")));

    [Fact]
    public void Invalid_option_is_an_error()
        => AssertMessage("MLP008: the options of 'fruit.apple.v1' are not valid.\n  Sweetness: The field Sweetness must be between 0 and 10. Got: 11.",
            () => s_registry.Create<IFruit>("fruit.apple.v1", Json("""{"sweetness": 11}""")));

    [Fact]
    public void Adding_an_assembly_twice_is_harmless()
    {
        var assembly = AssemblyWith(typeof(Apple));

        Assert.Single(new ComponentRegistry().AddAssembly(assembly).AddAssembly(assembly).Components);
    }

    [Fact]
    public void Two_classes_with_one_id_are_refused()
        => AssertMessage("MLP004: two classes have the component id 'fruit.apple.v1'. Got: MLPipelines.Core.Tests.Components.Apple and MLPipelines.Core.Tests.Components.SecondApple. Give one of them another name or the next version.",
            () => new ComponentRegistry().AddAssembly(AssemblyWith(typeof(Apple), typeof(SecondApple))));

    [Fact]
    public void Malformed_id_is_refused()
        => AssertMessage("MLP003: the component id 'Fruit.Bad.v1' is malformed (MLPipelines.Core.Tests.Components.BadlyNamed). Expected: kind.name.vN in lower case, such as loss.zlpr.v1.",
            () => ComponentInfo.Of(typeof(BadlyNamed)));

    [Fact]
    public void Class_without_id_is_refused()
        => AssertMessage("MLP002: 'System.String' is not a component. Put [PipelineComponent(\"kind.name.v1\")] on the class.", () => ComponentInfo.Of(typeof(string)));

    [Fact]
    public void Assembly_with_a_bad_component_adds_nothing()
    {
        var registry = new ComponentRegistry();

        Assert.Throws<ArgumentException>(() => registry.AddAssembly(AssemblyWith(typeof(Flint), typeof(BadlyNamed))));
        Assert.Throws<ArgumentException>(() => registry.AddAssembly(AssemblyWith(typeof(Flint), typeof(Apple), typeof(SecondApple))));
        Assert.Empty(registry.Components);
    }

    [Fact]
    public void Application_has_the_components_of_every_assembly_it_was_built_with()
    {
        var components = ComponentRegistry.OfApplication().Components;

        // No code of these tests mentions the libraries: the references of the project are enough.
        Assert.Contains(components, component => component.Type.Assembly.GetName().Name == "MLPipelines.Transforms");
        Assert.Contains(components, component => component.Type.Assembly.GetName().Name == "MLPipelines.Trainers");
        Assert.Contains(components, component => component.Id == "loss.zlpr.v1");
    }

    [Fact]
    public void Assembly_that_cannot_be_used_is_left_out_and_said_to_be_so()
    {
        // This test assembly has two classes with one id.
        var registry = ComponentRegistry.OfApplication();
        var problem = Assert.Single(registry.Problems);

        Assert.StartsWith("MLP045: the components of the assembly 'MLPipelines.Core.Tests' are left out. Got: MLP00", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(registry.Components, component => component.Id == "fruit.apple.v1");
        Assert.EndsWith("\n  " + problem, Assert.Throws<ArgumentException>(() => registry.Get("fruit.apple.v1")).Message, StringComparison.Ordinal);
    }

    static void AssertMessage(string expected, Func<object> act) => Assert.Equal(expected, Assert.Throws<ArgumentException>(act).Message);

    static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    internal static FakeAssembly AssemblyWith(params Type[] types) => new(types);

    /// <summary>An assembly that exports just these types, so that tests do not depend on each other's components.</summary>
    internal sealed class FakeAssembly(Type[] types) : Assembly
    {
        public override Type[] GetExportedTypes() => types;
    }
}
