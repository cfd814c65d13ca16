using System.Text;
using System.Text.Json;
using MLPipelines.Components;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Training;

namespace MLPipelines.Host.Config;

/// <summary>A configuration file to begin with: every setting of a task with its default and what it means.</summary>
internal static class ConfigTemplate
{
    internal static string Create(ITrainTask task)
    {
        var flags = new PlanFlags(task);
        var text = new StringBuilder();
        text.Append("{\n  // What is trained, and from what. Paths are relative to the folder in which mlp runs.\n");
        text.Append($"  \"task\": \"{task.Name}\",\n  \"data\": {{\n    \"train\": \"train.jsonl\",\n    \"valid\": \"valid.jsonl\",\n    // Data for the metrics at the end; without them, the validation data.\n    // \"test\": \"test.jsonl\",\n");
        if (task.Defaults is not null)
        {
            text.Append("    // Texts without labels, for virtual adversarial training (\"vat\" above 0).\n    // \"unlabeled\": \"texts.txt\",\n");
        }

        Append(text, flags.Data);
        text.Append("  },\n");
        if (task.Defaults is null)
        {
            text.Append("  // The steps in order: mlp components lists them.\n  \"steps\": [\n    { \"component\": \"mlnet.Transforms.CopyColumns\", \"options\": { \"outputColumnName\": \"Copy\", \"inputColumnName\": \"Text\" } },\n  ],\n");
        }
        else
        {
            var trainer = ComponentInfo.Of(task.Defaults.GetType().DeclaringType!).Id;
            text.Append($"  // Settings of the trainer. With other steps around it, write them as \"steps\": [{{ \"component\": \"{trainer}\", \"options\": {{ … }} }}].\n  \"options\": {{\n");
            Append(text, flags.Trainer);
            text.Append("  },\n");
        }

        text.Append("  // Beside the model: metrics.json, and the resolved configuration as model.config.json.\n  \"output\": { \"model\": \"model.zip\" },\n}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<Setting> settings)
    {
        foreach (var setting in settings)
        {
            var key = JsonNamingPolicy.CamelCase.ConvertName(setting.Path[^1].Name);
            text.Append($"    // {setting.Description.TrimEnd('.')} [{setting.Expected}]\n");
            var value = setting.DefaultJson;
            text.Append(value is null ? $"    // \"{key}\": …,\n" : $"    \"{key}\": {JsonText.Line(value)},\n");
        }
    }
}
