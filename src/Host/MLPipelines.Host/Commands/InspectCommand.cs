using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Host.Models;
using MLPipelines.Host.Terminals;
using MLPipelines.Host.Training;
using MLPipelines.Persistence;
using Spectre.Console;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp inspect</c>: what is in a model file.</summary>
internal sealed class InspectCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var (model, json) = (CommonOptions.Model(), CommonOptions.Json());
        var config = new Option<bool>("--config") { Description = "Print the configuration that made the model: mlp train --config repeats the run." };
        var command = new Command("inspect", "Show what a model file contains: component, columns, labels, options, metrics, tensors. Example: mlp inspect model.zip --json") { model, json, config };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(config))
            {
                var path = parsed.GetRequiredValue(model);
                var made = ConfigInModel.Read(path) ?? throw new UsageException($"{path}: the model does not contain a configuration; mlp train writes one into the models that it makes.");
                terminal.Output.WriteLine(JsonText.Indented(made));
                return Tool.Success;
            }

            using var loaded = LoadedModel.Open(parsed.GetRequiredValue(model));
            var description = Describe(loaded);
            if (parsed.GetValue(json))
            {
                terminal.Output.WriteLine(JsonText.Line(description));
            }
            else
            {
                Print(description, terminal.OutputConsole);
            }

            return Tool.Success;
        });
        return command;
    }

    private static JsonObject Describe(LoadedModel model)
    {
        var package = model.PackageOrNull;
        var description = new JsonObject
        {
            ["file"] = model.FilePath,
            ["bytes"] = new FileInfo(model.FilePath).Length,
            ["component"] = package?.ComponentId,
            ["assembly"] = package?.AssemblyName,
            ["library_version"] = package?.LibraryVersion,
            ["steps"] = new JsonArray([.. model.Steps.Select(step => JsonValue.Create(step.GetType().Name.Split('`')[0]))]),
            ["columns"] = Columns(model),
            ["options"] = package?.Options.DeepClone(),
        };
        if (package is null)
        {
            return description;
        }

        // Files that are JSON, such as the training report, are shown; of others the size is enough.
        var files = new JsonObject();
        foreach (var (name, content) in package.Files)
        {
            if (name.EndsWith(".json", StringComparison.Ordinal))
            {
                description[name[..^".json".Length]] = JsonText.Read(content, $"{model.FilePath}: the file {name} in the model");
            }
            else
            {
                files[name] = content.Length;
            }
        }

        description["files"] = files;
        description["parameters"] = package.Tensors.Values.Sum(Elements);
        description["tensors"] = new JsonArray([.. package.Tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new JsonObject
        {
            ["name"] = pair.Key,
            ["type"] = pair.Value.DType,
            ["shape"] = JsonSerializer.SerializeToNode(pair.Value.Shape),
        })]);
        return description;
    }

    /// <summary>The columns of the data that the model was saved with, and those that it adds; null where it was saved without.</summary>
    private static JsonObject? Columns(LoadedModel model)
    {
        if (model.InputSchema.Count == 0)
        {
            return null;
        }

        var output = model.OutputSchema;
        return new JsonObject { ["read"] = Types(model.InputSchema.Visible()), ["added"] = Types(ModelColumns.Added(model).Select(name => output[name])) };
    }

    private static JsonObject Types(IEnumerable<DataViewSchema.Column> columns) =>
        new([.. columns.Select(column => KeyValuePair.Create(column.Name, (JsonNode?)JsonValue.Create(column.Type.ToString())))]);

    private static void Print(JsonObject description, IAnsiConsole console)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in description.Where(pair => pair.Key != "tensors"))
        {
            AddRows(grid, name, value);
        }

        console.Write(grid);
        if (description["tensors"] is not JsonArray tensors)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("tensor", "type", "shape");
        foreach (var tensor in tensors)
        {
            table.AddRow(Markup.Escape((string)tensor!["name"]!), (string)tensor["type"]!, Markup.Escape(tensor["shape"]!.ToJsonString()));
        }

        console.Write(table);
    }

    private static void AddRows(Grid grid, string name, JsonNode? value)
    {
        if (value is JsonObject { Count: > 0 } children)
        {
            foreach (var (child, childValue) in children)
            {
                AddRows(grid, $"{name}.{child}", childValue);
            }
        }
        else
        {
            grid.AddRow(Markup.Escape(name), Markup.Escape(Show(value)));
        }
    }

    private static string Show(JsonNode? value) => value switch
    {
        null => "none",
        JsonObject => "none",
        JsonArray items => items.Count == 0 ? "none" : string.Join(", ", items.Select(Show)),
        JsonValue text when text.TryGetValue<string>(out var content) => content,
        JsonValue number when number.TryGetValue<long>(out var whole) => whole.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.ToJsonString(),
    };

    private static long Elements(ITensorSource tensor) => tensor.Shape.Aggregate(1L, (product, size) => product * size);
}
