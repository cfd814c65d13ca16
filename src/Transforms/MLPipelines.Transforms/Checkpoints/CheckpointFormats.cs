using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Encoders;

namespace MLPipelines.Checkpoints;

/// <summary>Finds the format of a checkpoint, or of an encoder that is to be written as one.</summary>
static class CheckpointFormats
{
    /// <summary>Every format that the application knows, in the order of their ids.</summary>
    public static IReadOnlyList<ICheckpointFormat> All()
    {
        var registry = ComponentRegistry.OfApplication();
        return [.. registry.Ids<ICheckpointFormat>().Select(id => registry.Create<ICheckpointFormat>(id))];
    }

    /// <summary>The format that the configuration says; where it fits several, the one of them that has such names.</summary>
    public static ICheckpointFormat Of(CheckpointConfig config, IEnumerable<string> names)
    {
        var formats = All();
        var described = formats.Where(format => format.Describes(config)).ToList();
        if (described.Count == 0) throw Failures.NoFormatDescribed(config, formats.Select(Id));
        if (described is [var only]) return only;
        return Recognized(described, names) is [var format] ? format : throw Failures.NoFormatRecognized(config, described.Select(Id), names);
    }

    /// <summary>The formats, of those given, whose names they are.</summary>
    public static IReadOnlyList<ICheckpointFormat> Recognized(IEnumerable<ICheckpointFormat> formats, IEnumerable<string> names)
    {
        var all = names.ToList();
        return [.. formats.Where(format => format.Recognizes(Below(format, all)))];
    }

    /// <summary>The format that can hold an encoder, and its configuration.</summary>
    public static (ICheckpointFormat Format, JsonObject Config) For(IEncoder encoder, bool hasLanguageModelHead)
    {
        foreach (var format in All())
            if (format.WriteConfig(encoder, hasLanguageModelHead) is { } config) return (format, config);
        throw Failures.NoFormatForEncoder(encoder.GetType());
    }

    /// <summary>What the names in a file begin with: the prefix of the format, or nothing where a bare encoder was saved.</summary>
    public static string PrefixIn(ICheckpointFormat format, IEnumerable<string> names) => names.Any(name => name.StartsWith(format.Prefix, StringComparison.Ordinal)) ? format.Prefix : "";

    public static string Id(ICheckpointFormat format) => ComponentInfo.Of(format.GetType()).Id;

    static HashSet<string> Below(ICheckpointFormat format, List<string> names)
    {
        var prefix = PrefixIn(format, names);
        return names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).ToHashSet(StringComparer.Ordinal);
    }
}
