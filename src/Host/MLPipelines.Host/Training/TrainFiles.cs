using System.CommandLine;
using System.Text.Json.Nodes;

namespace MLPipelines.Host.Training;

/// <summary>What a training run reads and writes.</summary>
/// <param name="Train">Training data.</param>
/// <param name="Valid">Validation data, or null.</param>
/// <param name="Test">Data for the metrics at the end, or null for the validation data.</param>
/// <param name="Unlabeled">Rows without labels, or null.</param>
/// <param name="Out">Where the model goes.</param>
/// <param name="Metrics">Where the metrics go.</param>
/// <param name="Config">Where the resolved configuration goes.</param>
internal sealed record TrainFiles(string Train, string? Valid, string? Test, string? Unlabeled, string Out, string Metrics, string Config)
{
    /// <summary>The keys of the section <c>data</c> that are files.</summary>
    internal static readonly string[] DataKeys = ["train", "valid", "test", "unlabeled"];

    /// <summary>Where an interrupted run leaves its state, unless the settings say otherwise.</summary>
    internal string CheckpointDirectory => Out + ".checkpoint";

    /// <summary>The files as the sections <c>data</c> and <c>output</c> of a configuration.</summary>
    internal (JsonObject Data, JsonObject Output) Describe()
    {
        var data = new JsonObject { ["train"] = Train, ["valid"] = Valid, ["test"] = Test };
        if (Unlabeled is not null)
        {
            data["unlabeled"] = Unlabeled;
        }

        return (data, new JsonObject { ["model"] = Out, ["metrics"] = Metrics, ["config"] = Config });
    }

    /// <summary>The flags of these values. Each is a key of the configuration file too.</summary>
    /// <param name="usesUnlabeled">Whether the task has a trainer of ours that may use rows without labels.</param>
    internal sealed class Flags(bool usesUnlabeled)
    {
        private readonly Option<string?> _train = new("--train") { Description = "Training data.", HelpName = "FILE" };
        private readonly Option<string?> _valid = new("--valid") { Description = "Validation data: measured after each epoch, and the best epoch is kept.", HelpName = "FILE" };
        private readonly Option<string?> _test = new("--test") { Description = "Data for the metrics at the end; the validation data when there are none.", HelpName = "FILE" };
        private readonly Option<string?> _unlabeled = new("--unlabeled") { Description = "Texts without labels for virtual adversarial training (--vat): lines, JSON lines, TSV or CSV.", HelpName = "FILE" };
        private readonly Option<string?> _out = new("--out") { Description = "Where the model goes; the file appears when training has ended.", HelpName = "MODEL.zip" };
        private readonly Option<string?> _metrics = new("--metrics") { Description = "Where the metrics go [default metrics.json beside the model]", HelpName = "FILE" };
        private readonly Option<string?> _saveConfig = new("--save-config") { Description = "Where the resolved configuration goes [default MODEL.config.json beside the model]", HelpName = "FILE" };

        /// <summary>The keys of the section <c>data</c> and their flags.</summary>
        internal IReadOnlyDictionary<string, Option<string?>> Data => Inputs.ToDictionary(option => option.Name[2..]);

        /// <summary>The keys of the section <c>output</c> and their flags.</summary>
        internal IReadOnlyDictionary<string, Option<string?>> Output => new Dictionary<string, Option<string?>> { ["model"] = _out, ["metrics"] = _metrics, ["config"] = _saveConfig };

        /// <summary>The keys that may stand at the top of the file, as the flags are called.</summary>
        internal IReadOnlyDictionary<string, Option<string?>> Flat => All.ToDictionary(option => option.Name[2..]);

        private IEnumerable<Option<string?>> Inputs => usesUnlabeled ? [_train, _valid, _test, _unlabeled] : [_train, _valid, _test];

        private IEnumerable<Option<string?>> All => [.. Inputs, _out, _metrics, _saveConfig];

        internal void AddTo(Command command)
        {
            foreach (var option in All)
            {
                command.Add(option);
            }
        }

        /// <param name="parsed">The command line.</param>
        /// <param name="configured">What the configuration file says.</param>
        internal TrainFiles Read(ParseResult parsed, IReadOnlyDictionary<Option<string?>, string> configured)
        {
            var model = Required(_out, "\"output\": {\"model\": …}");
            var folder = Path.GetDirectoryName(model);
            return new TrainFiles(
                Required(_train, "\"data\": {\"train\": …}"), Value(_valid), Value(_test), usesUnlabeled ? Value(_unlabeled) : null, model,
                Value(_metrics) ?? Path.Combine(folder ?? "", "metrics.json"),
                Value(_saveConfig) ?? Path.ChangeExtension(model, ".config.json"));

            string? Value(Option<string?> option) => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : configured.GetValueOrDefault(option);

            string Required(Option<string?> option, string key) => Value(option)
                ?? throw new UsageException($"{option.Name} is missing. Give it as a flag, or as {key} in the --config file. See: mlp train {parsed.CommandResult.Command.Name} --help");
        }
    }
}
