using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using MLPipelines.Components;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Stock;
using MLPipelines.Host.Training;

namespace MLPipelines.Host.Config;

/// <summary>The JSON Schema of configuration files, made from the options of the tasks and components that there are.</summary>
internal sealed class ConfigSchema
{
    private readonly JsonObject _definitions = [];

    internal static JsonObject Create(ComponentRegistry registry) => new ConfigSchema().Build(registry);

    private JsonObject Build(ComponentRegistry registry)
    {
        var tasks = TrainTasks.All.Select(task => (Task: task, Flags: new PlanFlags(task))).ToList();
        var data = Merge(tasks.SelectMany(task => task.Flags.Data));
        var trainer = Merge(tasks.SelectMany(task => task.Flags.Trainer));
        var (files, outputs) = (Files(TrainFiles.DataKeys), Files("model", "metrics", "config"));
        var columns = new JsonObject(data.Concat(trainer).Where(setting => setting.Key.EndsWith("Column", StringComparison.Ordinal)).DistinctBy(setting => setting.Key)
            .Select(setting => KeyValuePair.Create(setting.Key[..^"Column".Length], setting.Value?.DeepClone())));
        var properties = new JsonObject
        {
            ["$schema"] = Text(),
            ["task"] = new JsonObject { ["enum"] = new JsonArray([.. tasks.Select(task => JsonValue.Create(task.Task.Name))]), ["description"] = "What is trained." },
            ["data"] = Section("What is read, and how.", Union(files, data)),
            ["columns"] = Section("Names of columns.", columns),
            ["steps"] = new JsonObject
            {
                ["type"] = "array", ["minItems"] = 1, ["description"] = "The steps of the pipeline in order; without them, the task's trainer alone.", ["items"] = Steps(registry),
            },
            ["options"] = Section("Settings of the task's trainer.", trainer),
            ["evaluation"] = Reference(StockCatalog.Instance.Evaluations.Keys, "How to measure, instead of the task's own way."),
            ["output"] = Section("What is written.", outputs),
        };
        foreach (var (name, value) in Union(Files([.. TrainFiles.DataKeys, "out", "metrics"]), data, trainer))
        {
            properties.TryAdd(name, value?.DeepClone());
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Configuration of mlp train",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
            ["$defs"] = _definitions,
        };
    }

    private JsonObject Steps(ComponentRegistry registry)
    {
        var components = registry.Components.Where(component => component.Type.IsAssignableTo(typeof(Microsoft.ML.IEstimator<Microsoft.ML.ITransformer>))).ToList();
        var choices = new JsonArray(Text());
        foreach (var component in components)
        {
            _definitions[component.Id] = component.OptionsType is null ? new JsonObject { ["type"] = "object" } : OptionsSchema.Of(component.OptionsType, XmlSummaries.Of);
            choices.Add(Step([component.Id, $"{component.Kind}.{component.Name}", component.Name], component.Id));
        }

        foreach (var (name, overloads) in StockCatalog.Instance.Steps)
        {
            _definitions[name] = Section(null, new JsonObject(overloads.SelectMany(overload => overload.Parameters).DistinctBy(parameter => parameter.Name)
                .Select(parameter => KeyValuePair.Create(parameter.Name!, (JsonNode?)JsonSerializerOptions.Default.GetJsonSchemaAsNode(parameter.ParameterType)))));
            choices.Add(Step([name], name));
        }

        return new JsonObject { ["anyOf"] = choices };
    }

    private static JsonObject Step(IEnumerable<string> names, string definition) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["component"] = new JsonObject { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) },
            ["options"] = new JsonObject { ["$ref"] = $"#/$defs/{definition}" },
        },
        ["required"] = new JsonArray("component"),
        ["additionalProperties"] = false,
    };

    private static JsonObject Reference(IEnumerable<string> names, string description) => new()
    {
        ["description"] = description,
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) },
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["component"] = new JsonObject { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) }, ["options"] = new JsonObject { ["type"] = "object" } },
                ["required"] = new JsonArray("component"),
                ["additionalProperties"] = false,
            }),
    };

    // A setting that tasks share is described once, as the first has it; where its values differ, with those of all.
    private static JsonObject Merge(IEnumerable<Setting> settings)
    {
        var merged = new JsonObject();
        foreach (var setting in settings)
        {
            var key = JsonNamingPolicy.CamelCase.ConvertName(setting.Path[^1].Name);
            var owner = setting.Path[0].ReflectedType!;
            var schema = setting.Path.Count == 1 ? OptionsSchema.Of(owner, XmlSummaries.Of)["properties"]![key]!.DeepClone() : new JsonObject { ["description"] = setting.Description };
            if (merged[key] is not JsonObject known)
            {
                merged[key] = schema;
                foreach (var alias in setting.Aliases)
                {
                    merged.TryAdd(Names.Camel(alias), schema.DeepClone());
                }
            }
            else if (known["enum"] is JsonArray values && schema["enum"] is JsonArray others && !JsonNode.DeepEquals(values, others))
            {
                known["enum"] = new JsonArray([.. values.Concat(others).Select(value => value?.GetValue<string>()).Distinct().Select(value => JsonValue.Create(value))]);
                known.Remove("default");
            }
        }

        return merged;
    }

    private static JsonObject Union(params JsonObject[] parts) => new(parts.SelectMany(part => part).DistinctBy(pair => pair.Key).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    private static JsonObject Files(params string[] keys) => new(keys.Select(key => KeyValuePair.Create(key, (JsonNode?)new JsonObject { ["type"] = new JsonArray("string", "null"), ["description"] = $"The file: {key}." })));

    private static JsonObject Section(string? description, JsonObject properties)
    {
        var section = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (description is not null)
        {
            section["description"] = description;
        }

        return section;
    }

    private static JsonObject Text() => new() { ["type"] = "string" };
}
