using MLPipelines.Encoders;
using MLPipelines.Persistence;
using static TorchSharp.torch;

namespace MLPipelines.Checkpoints;

/// <summary>Which tensor of a file belongs to which parameter of an encoder and its heads. Making one reads no weights and takes no memory for them.</summary>
sealed class WeightMap
{
    public const string HeadPrefix = "cls.predictions.";

    public const string HeadMap = HeadPrefix + "decoder.weight";
    const string HeadBias = HeadPrefix + "bias";
    const string HeadMapBias = HeadPrefix + "decoder.bias";

    // What training on a task puts beside the encoder. Such heads are not used, but an encoder with one is still that encoder.
    static readonly string[] s_taskHeads = ["classifier.", "qa_outputs.", "sequence_summary.", "cls.seq_relationship.", "discriminator_predictions.", "generator_predictions.", "generator_lm_head."];

    readonly ITensorFile _file;
    readonly string _prefix;
    readonly List<string> _missing = [];
    readonly List<string> _different = [];
    readonly HashSet<string> _used = new(StringComparer.Ordinal);

    WeightMap(ITensorFile file, ICheckpointFormat format, IEncoderOptions options)
    {
        _file = file;
        var prefix = _prefix = CheckpointFormats.PrefixIn(format, file.Tensors.Keys);
        TokenEmbedding = prefix + format.TokenEmbedding;
        var encoder = options.Create(device: META);
        using var module = (nn.Module)encoder;
        Encoder = Match(module, prefix);
        Pooler = MatchPooler(encoder as IPooledEncoder, prefix + "pooler.");
        Head = MatchHead(encoder as IMaskedLanguageModel);

        var tied = new[] { HeadMap, HeadMapBias }.Concat(format.Buffers.Select(buffer => prefix + buffer)).ToHashSet(StringComparer.Ordinal);
        var others = file.Tensors.Keys.Where(name => !_used.Contains(name) && !tied.Contains(name)).Order(StringComparer.Ordinal).ToLookup(IsTaskHead);
        NotUsed = [.. others[true]];
        if (_missing.Count + _different.Count + others[false].Count() > 0)
        {
            var looksLike = CheckpointFormats.Recognized(CheckpointFormats.All(), file.Tensors.Keys).FirstOrDefault(other => other.GetType() != format.GetType());
            throw Failures.WeightsDoNotFit(file.Path, CheckpointFormats.Id(format), _missing, [.. others[false].Select(name => Describe(name, file.Tensors[name]))], _different,
                looksLike is null ? null : CheckpointFormats.Id(looksLike));
        }

        var needed = Sources.Sum(source => source.Shape.Aggregate((decimal)ModuleWeights.SizeOf(source.DType), (product, size) => product * size));
        if (needed > file.Length) throw Failures.WeightsLargerThanFile(file.Path, needed, file.Length);
    }

    /// <summary>The full name of the token embedding.</summary>
    public string TokenEmbedding { get; }

    /// <summary>The encoder's weights by the names of its parameters.</summary>
    public IReadOnlyDictionary<string, ITensorSource> Encoder { get; }

    /// <summary>The pooler's weights; null where the file has none.</summary>
    public IReadOnlyDictionary<string, ITensorSource>? Pooler { get; }

    /// <summary>The language model head's weights; null where the file has none. Empty for a head without parameters of its own.</summary>
    public IReadOnlyDictionary<string, ITensorSource>? Head { get; }

    /// <summary>Names of heads for tasks, which have no place here.</summary>
    public IReadOnlyList<string> NotUsed { get; }

    /// <summary>The output map of the language model, which should be the token embedding; null where the file has it only once.</summary>
    public ITensorSource? OutputMap => _used.Contains(HeadMap) ? null : _file.Tensors.GetValueOrDefault(HeadMap);

    /// <summary>The weights of encoder and heads by their published names, each once.</summary>
    public IEnumerable<KeyValuePair<string, ITensorSource>> Named => Below(_prefix, Encoder).Concat(Below(_prefix + "pooler.", Pooler)).Concat(Below(HeadPrefix, Head));

    IEnumerable<ITensorSource> Sources => Named.Select(pair => pair.Value);

    /// <summary>Compares the names and shapes in a file with those of an architecture.</summary>
    /// <exception cref="InvalidDataException">They differ; the message lists what is missing, unexpected or of another shape.</exception>
    public static WeightMap Of(ITensorFile file, ICheckpointFormat format, IEncoderOptions options) => new(file, format, options);

    /// <summary>Reads all weights once, so that a damaged file is refused before memory is taken for the model.</summary>
    public void Verify()
    {
        foreach (var source in Sources) source.Read((_, _) => { });
    }

    Dictionary<string, ITensorSource>? MatchPooler(IPooledEncoder? encoder, string prefix)
    {
        if (encoder is null || !_file.Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal))) return null;
        using var pooler = encoder.CreatePooler(device: META);
        return Match(pooler, prefix);
    }

    Dictionary<string, ITensorSource>? MatchHead(IMaskedLanguageModel? encoder)
    {
        if (encoder is null) return null;
        using var head = encoder.CreateLanguageModelHead(device: META);
        var names = head.state_dict().Keys.ToList();
        return names.Count == 0 || names.Any(name => _file.Tensors.ContainsKey(HeadPrefix + name)) ? Match(head, HeadPrefix) : null;
    }

    Dictionary<string, ITensorSource> Match(nn.Module module, string prefix)
    {
        var matched = new Dictionary<string, ITensorSource>(StringComparer.Ordinal);
        foreach (var (parameter, shape) in module.state_dict())
        {
            var name = NameInFile(prefix + parameter);
            var expected = $"[{string.Join(", ", shape.shape)}]";
            if (!_file.Tensors.TryGetValue(name, out var source))
            {
                _missing.Add($"{name} {expected}");
                continue;
            }

            _used.Add(name);
            matched.Add(parameter, source);
            if (!source.Shape.SequenceEqual(shape.shape) || !ModuleWeights.IsFloat(source.DType)) _different.Add($"{Describe(name, source)}, expected {expected}");
        }

        return matched;
    }

    // Of tensors that are one tensor, a file may hold either name.
    string NameInFile(string name)
        => _file.Tensors.ContainsKey(name) ? name
            : name == TokenEmbedding && _file.Tensors.ContainsKey(HeadMap) ? HeadMap
            : name == HeadBias && _file.Tensors.ContainsKey(HeadMapBias) ? HeadMapBias
            : name;

    static IEnumerable<KeyValuePair<string, ITensorSource>> Below(string prefix, IReadOnlyDictionary<string, ITensorSource>? part)
        => part?.Select(pair => KeyValuePair.Create(prefix + pair.Key, pair.Value)) ?? [];

    static bool IsTaskHead(string name) => s_taskHeads.Any(head => name.StartsWith(head, StringComparison.Ordinal));

    static string Describe(string name, ITensorSource source) => $"{name} {source.DType} [{string.Join(", ", source.Shape)}]";
}
