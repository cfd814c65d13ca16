using System.CommandLine;
using MLPipelines.Trainers.SpanExtraction;

namespace MLPipelines.Host.Settings;

/// <summary>What a training command reads and writes, after the flags were laid over the configuration file.</summary>
/// <param name="Train">Training data.</param>
/// <param name="Valid">Validation data, or null.</param>
/// <param name="Out">Where the model goes.</param>
/// <param name="Offsets">What offsets in the files count.</param>
internal sealed record TrainFiles(string Train, string? Valid, string Out, TextOffsets Offsets)
{
    /// <summary>The flags of these values. Each is a key of the configuration file too.</summary>
    internal sealed class Flags
    {
        private readonly Option<string?> _train = new("--train") { Description = "Training data.", HelpName = "FILE" };
        private readonly Option<string?> _valid = new("--valid") { Description = "Validation data: measured after each epoch, and the best epoch is kept.", HelpName = "FILE" };
        private readonly Option<string?> _out = new("--out") { Description = "Where the model goes; the file appears when training has ended.", HelpName = "MODEL.zip" };
        private readonly Option<string?> _offsets = new("--offsets") { Description = "What offsets in files count [codepoints|utf16; default codepoints]", HelpName = "codepoints|utf16" };

        internal IReadOnlyCollection<string> Keys => [.. All.Select(KeyOf)];

        private IEnumerable<Option<string?>> All => [_train, _valid, _out, _offsets];

        internal void AddTo(Command command)
        {
            foreach (var option in All)
            {
                command.Add(option);
            }
        }

        internal TrainFiles Read(ParseResult parsed, ConfigFile? config)
        {
            // Also what a flag replaces has to make sense.
            var configured = All.ToDictionary(option => option, option => FromConfig(config, KeyOf(option)));
            return new TrainFiles(Required(_train), Value(_valid), Required(_out), Offsets(Value(_offsets)));

            string? Value(Option<string?> option) => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : configured[option];

            string Required(Option<string?> option) => Value(option)
                ?? throw new UsageException($"{option.Name} is missing. Give it as a flag, or as \"{KeyOf(option)}\" in the --config file. See: mlp train {parsed.CommandResult.Command.Name} --help");
        }

        private static string KeyOf(Option<string?> option) => option.Name[2..];

        private static string? FromConfig(ConfigFile? config, string key)
        {
            var entry = config?.Entries.LastOrDefault(entry => Names.Key(entry.Name) == key);
            return entry?.Value is null ? null
                : entry.Value.GetValueKind() == System.Text.Json.JsonValueKind.String ? entry.Value.GetValue<string>()
                : throw new UsageException($"{entry.Where}: \"{entry.Name}\": found {entry.Value.ToJsonString()}, expected text.");
        }

        private static TextOffsets Offsets(string? name) => name switch
        {
            null or "codepoints" => TextOffsets.CodePoints,
            "utf16" => TextOffsets.Utf16,
            _ => throw new UsageException($"--offsets: found '{name}', expected codepoints or utf16."),
        };
    }
}
