using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Stock;

namespace MLPipelines.Host.Listing;

/// <summary>What a listing says about one component.</summary>
/// <param name="Id">The id, or for a step of ML.NET its name.</param>
/// <param name="Kind">The first part of the id.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Source">Where the method comes from.</param>
/// <param name="Assembly">Where the class is.</param>
/// <param name="IsStep">Whether it can be a step of a configuration by itself.</param>
/// <param name="Options">The options.</param>
internal sealed record ComponentListing(string Id, string Kind, string Summary, string? Source, string Assembly, bool IsStep, IReadOnlyList<OptionListing> Options)
{
    internal static ComponentListing Of(ComponentInfo component) => new(
        component.Id, component.Kind, component.Summary ?? "", component.Source, component.Type.Assembly.GetName().Name!,
        component.Type.IsAssignableTo(typeof(Microsoft.ML.IEstimator<Microsoft.ML.ITransformer>)), [.. OptionsOf(component)]);

    /// <summary>ML.NET's own steps, as this runtime has them.</summary>
    internal static IEnumerable<ComponentListing> Stock() => StockCatalog.Instance.Steps.Select(step => new ComponentListing(
        step.Key, "mlnet", "ML.NET's own " + step.Key[StockCatalog.Prefix.Length..], null, step.Value[0].AssemblyName, true,
        [.. step.Value[^1].Parameters.Select(parameter => new OptionListing(parameter.Name!, StockMethod.Expected(parameter.ParameterType), StockMethod.DefaultOf(parameter)?.ToJsonString(), ""))]));

    internal JsonObject Describe() => new()
    {
        ["id"] = Id,
        ["kind"] = Kind,
        ["summary"] = Summary,
        ["source"] = Source,
        ["assembly"] = Assembly,
        ["step"] = IsStep,
        ["options"] = new JsonArray([.. Options.Select(option => option.Describe())]),
    };

    private static IEnumerable<OptionListing> OptionsOf(ComponentInfo component)
    {
        if (component.OptionsType is null)
        {
            return [];
        }

        var defaults = Activator.CreateInstance(component.OptionsType)!;
        var settings = new SettingTable(defaults).Settings.Select(setting => new OptionListing(setting.JsonPath, setting.Expected, setting.DefaultText, setting.Description));
        return settings.Concat(Structured(component.OptionsType, OptionsJson.Write(defaults)));
    }

    // Options that no flag can give, only JSON.
    private static IEnumerable<OptionListing> Structured(Type options, JsonObject defaults) =>
        from property in SettingTable.Properties(options)
        where !Setting.IsLeafType(property.PropertyType) && property.PropertyType.Name != "Options"
        let name = JsonNamingPolicy.CamelCase.ConvertName(property.Name)
        select new OptionListing(name, Shape(property.PropertyType), defaults[name] is { } value ? JsonText.Line(value) : null, XmlSummaries.Of(property));

    private static string Shape(Type type) =>
        type != typeof(string) && type.GetInterfaces().Prepend(type).FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } list
            ? $"list of {Shape(list.GenericTypeArguments[0])}"
            : Setting.IsLeafType(type) ? StockMethod.Expected(type)
            : $"{{{string.Join(", ", SettingTable.Properties(type).Select(property => $"\"{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}\": {Shape(property.PropertyType)}"))}}}";
}
