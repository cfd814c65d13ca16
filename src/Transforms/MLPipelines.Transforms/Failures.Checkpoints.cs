using MLPipelines.Checkpoints;
using MLPipelines.Components;

namespace MLPipelines;

// Checkpoints: MLP140 to MLP149.
static partial class Failures
{
    const int ShownNames = 12;

    /// <summary>MLP140: no format fits a configuration.</summary>
    public static DataFormatException NoFormatDescribed(CheckpointConfig config, IEnumerable<string> known)
        => new("no known format has such a configuration", config.Path, expected: $"one of {List(known)}", found: $"model_type '{config.Text("model_type")}', norm_type '{config.Text("norm_type")}'");

    /// <summary>MLP141: a configuration fits several formats, and the names of the weights none or several.</summary>
    public static InvalidDataException NoFormatRecognized(CheckpointConfig config, IEnumerable<string> candidates, IEnumerable<string> names)
        => new(Errors.Text("MLP141", "the configuration does not say which architecture it is, and the names of the weights do not tell either", config.Path, $"one of {List(candidates)}",
            string.Join(", ", names.Order(StringComparer.Ordinal).Take(ShownNames)), "Add \"model_type\" to config.json"));

    /// <summary>MLP142: the weights are not those of the configuration.</summary>
    public static InvalidDataException WeightsDoNotFit(string file, string format, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<string> different, string? looksLike)
        => new(Errors.Text("MLP142", "the weights are not those that the configuration describes", $"{file}, {format}")
            + Lines("missing", missing) + Lines("unexpected", unexpected) + Lines("of another shape or type", different)
            + (looksLike is null ? "" : $"\n  The names are those of '{looksLike}': config.json is of another model, or lacks the keys that say so."));

    /// <summary>MLP143: an encoder has no published format.</summary>
    public static ArgumentException NoFormatForEncoder(Type encoder)
        => new(Errors.Text("MLP143", $"no checkpoint format can hold a '{encoder.FullName}'", advice: "Add a component that implements ICheckpointFormat for it"));

    /// <summary>MLP144: a tokenizer has no vocab.txt.</summary>
    public static ArgumentException TokenizerNotWritable(Type tokenizer)
        => new(Errors.Text("MLP144", $"a '{tokenizer.FullName}' cannot be written into a checkpoint", expected: "a WordPieceTextTokenizer or a JiebaTextTokenizer, whose files are vocab.txt and tokenizer_config.json"));

    /// <summary>MLP145: the weights that an architecture needs are larger than the file.</summary>
    public static InvalidDataException WeightsLargerThanFile(string file, decimal needed, long length)
        => new(Errors.Text("MLP145", "the tensors are larger than the file that holds them", file, Invariant($"at most {length} bytes"), Invariant($"{needed:F0} bytes"), "The file is damaged or was made to do harm"));

    /// <summary>MLP146: heads do not belong to an encoder.</summary>
    public static ArgumentException HeadDoesNotFit(string head, Type encoder)
        => new(Errors.Text("MLP146", $"the {head} is not one of the encoder's family", encoder.FullName, "one that the encoder made"));

    /// <summary>MLP147: a vocabulary has more entries than there are vectors.</summary>
    public static DataFormatException VocabularyTooLarge(string file, int rows, int entries)
        => new("the vocabulary has more entries than the model has vectors", file, expected: Invariant($"at most {rows} (vocab_size in config.json)"), found: Invariant($"{entries}"));

    static string Lines(string what, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return "";
        var shown = string.Concat(names.Take(ShownNames).Select(name => "\n    " + name));
        return Invariant($"\n  {what} ({names.Count}):") + shown + (names.Count > ShownNames ? Invariant($"\n    and {names.Count - ShownNames} more") : "");
    }
}
