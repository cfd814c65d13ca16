using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Training;

/// <summary>How a model was made, kept inside the model: the trainer, its complete options and what happened.</summary>
static class TrainingRecord
{
    /// <summary>The name of the file in the model package.</summary>
    public const string FileName = "training.json";

    /// <summary>The file, UTF-8 JSON: <c>trainer</c>, <c>options</c>, <c>report</c>.</summary>
    public static IReadOnlyDictionary<string, byte[]> Create(string trainer, TrainerOptions options, TrainingReport report)
    {
        var record = new JsonObject
        {
            ["trainer"] = trainer,
            // The vocabulary is in the model anyway, and how often a run was interrupted makes no difference to it.
            ["options"] = OptionsJson.Write(options with { Vocabulary = null, CheckpointDirectory = null, Resume = false }),
            ["report"] = new JsonObject
            {
                ["outcome"] = JsonNamingPolicy.CamelCase.ConvertName(report.Outcome.ToString()),
                ["bestEpoch"] = report.BestEpoch,
                ["epochs"] = report.Epochs.Count,
                ["steps"] = report.Steps,
                ["parameters"] = report.Parameters,
                ["examples"] = report.Examples,
                ["best"] = report.Best is { } best ? new JsonObject([.. best.All.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, m.Value))]) : null,
                ["warnings"] = new JsonArray([.. report.Warnings.Select(w => JsonValue.Create(w))]),
            },
        };
        return new Dictionary<string, byte[]> { [FileName] = JsonSerializer.SerializeToUtf8Bytes(record) };
    }
}
