using System.Reflection;
using System.Xml.Linq;
using MLPipelines.Components;
using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Architecture.Tests;

/// <summary>What every component has.</summary>
public sealed class ComponentTests
{
    public static TheoryData<Type> Components => [.. Product.Components];

    [Fact]
    public void There_are_components_and_each_has_an_id_of_its_own()
    {
        Assert.NotEmpty(Product.Components);
        var registry = new ComponentRegistry();
        foreach (var library in Product.Libraries.Append(Product.Host)) registry.AddAssembly(Product.Load(library));

        Assert.Equal(Product.Components.Count, registry.Components.Count);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_is_public_and_sealed(Type component) => Assert.True(component.IsPublic && component.IsSealed);

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_says_what_it_is_and_where_it_comes_from(Type component)
    {
        var info = ComponentInfo.Of(component);

        Assert.True(Uri.TryCreate(info.Source, UriKind.Absolute, out var source) && source.Scheme == Uri.UriSchemeHttps, $"the Source of {info.Id} is '{info.Source}'");
        Assert.False(string.IsNullOrWhiteSpace(info.Summary), $"{info.Id} has no Summary");
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Documentation_names_the_source(Type component)
    {
        var file = Path.ChangeExtension(component.Assembly.Location, ".xml");
        var remarks = XDocument.Load(file).Descendants("member").Single(member => member.Attribute("name")!.Value == $"T:{component.FullName}").Element("remarks");

        Assert.True(remarks is not null && remarks.Value.Contains("Source", StringComparison.Ordinal), $"the remarks of {component.Name} have no line 'Source: …'");
        Assert.Contains(ComponentInfo.Of(component).Source!, remarks.Value, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Options_are_a_nested_record_whose_defaults_are_valid(Type component)
    {
        var info = ComponentInfo.Of(component);

        Assert.True(info.OptionsType is { IsSealed: true } && info.OptionsType.GetMethod("<Clone>$") is not null, $"{component.Name} has no nested sealed record Options");
        OptionsValidator.Validate(Activator.CreateInstance(info.OptionsType)!, info.Id);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Options_cannot_be_changed(Type component)
        => Assert.Empty(ComponentInfo.Of(component).OptionsType!.GetProperties().Where(property => property.SetMethod is { IsPublic: true } setter && !IsInit(setter)).Select(property => property.Name));

    [Theory]
    [MemberData(nameof(Components))]
    public void Options_survive_as_JSON(Type component)
    {
        var info = ComponentInfo.Of(component);
        var options = Activator.CreateInstance(info.OptionsType!)!;

        var read = OptionsJson.Read(info.OptionsType!, System.Text.Json.JsonSerializer.SerializeToElement(OptionsJson.Write(options)), info.Id);

        Assert.Equal(OptionsJson.Write(options).ToJsonString(), OptionsJson.Write(read).ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_has_a_contract_class(Type component)
        => Assert.True(ContractClasses().Any(contract => contract.GetCustomAttribute<ContractOfAttribute>()!.Components.Contains(component)),
            $"no contract class covers {component.Name}. Add to its test file: [ContractOf(typeof({component.Name}))] public sealed class {component.Name}Contract : …ContractTests");

    [Fact]
    public void Contract_classes_are_tests()
    {
        Assert.NotEmpty(ContractClasses());
        Assert.All(ContractClasses(), contract => Assert.True(contract.IsSealed && contract.IsPublic && IsContract(contract), $"{contract.Name} carries ContractOf but is not a public sealed contract class"));
    }

    static List<Type> ContractClasses()
        => [.. new[] { "MLPipelines.Transforms.Tests", "MLPipelines.Trainers.Tests" }.SelectMany(name => Assembly.Load(name).GetTypes()).Where(type => type.IsDefined(typeof(ContractOfAttribute)))];

    static bool IsContract(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
            if (ancestor.IsGenericType && ancestor.GetGenericTypeDefinition() == typeof(ContractTests<>)) return true;
        return false;
    }

    static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");
}
