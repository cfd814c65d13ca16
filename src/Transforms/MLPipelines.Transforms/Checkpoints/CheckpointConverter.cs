using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Persistence;

namespace MLPipelines.Checkpoints;

/// <summary>Rewrites published weights as safetensors, in another precision if wanted, tensor by tensor: memory does not grow with the model.</summary>
public static class CheckpointConverter
{
    static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal) { ["float32"] = "F32", ["float16"] = "F16", ["bfloat16"] = "BF16" };

    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    // Files that belong to a checkpoint and are taken over as they are, where they exist.
    static readonly string[] s_companions = [CheckpointFiles.Vocabulary, CheckpointFiles.Tokenizer, "special_tokens_map.json", "added_tokens.json", "tokenizer.json"];

    /// <summary>The names of the precisions.</summary>
    public static IReadOnlyCollection<string> Precisions => s_types.Keys;

    /// <summary>Converts a checkpoint, or a file of tensors by itself.</summary>
    /// <remarks>
    /// Of a directory, names and shapes are compared with the architecture as <see cref="EncoderCheckpoint.Load"/> does, the second copy of a tied output map and tables that
    /// can be computed are left out, and the other files are taken over. Of a file, every tensor is kept.
    /// </remarks>
    /// <param name="input">A directory with a checkpoint, or a safetensors file or one of <c>torch.save</c>.</param>
    /// <param name="outputDirectory">Where to write; made where it does not exist. No file in it is touched before everything has been written.</param>
    /// <param name="precision">One of <see cref="Precisions"/> for tensors of floating-point numbers; null keeps each as it is.</param>
    /// <exception cref="DataFormatException">The input is missing, or its configuration or vocabulary is not valid.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or not those that the configuration describes.</exception>
    /// <exception cref="ArgumentException">The precision is unknown, or a value does not fit into it.</exception>
    public static ConvertedCheckpoint Convert(string input, string outputDirectory, string? precision = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        ArgumentException.ThrowIfNullOrEmpty(outputDirectory);
        if (precision is not null && !s_types.ContainsKey(precision)) throw Failures.UnknownChoice("precision", precision, Precisions);
        if (Directory.Exists(input)) return ConvertDirectory(input, outputDirectory, precision);
        if (!File.Exists(input)) throw new DataFormatException("there is no such directory or file", input, expected: "a checkpoint, or a file of tensors");
        using var weights = TensorFile.Open(input);
        using var files = new PartialFiles(outputDirectory);
        return Write(files, weights.Tensors, precision, format: null, []);
    }

    static ConvertedCheckpoint ConvertDirectory(string input, string output, string? precision)
    {
        var config = CheckpointConfig.Read(Path.Combine(input, CheckpointFiles.Config));
        var warnings = new List<string>();
        var tokenizer = CheckpointTokenizer.Read(input, new(), warnings);
        using var weights = CheckpointFiles.OpenWeights(input);
        var format = CheckpointFormats.Of(config, weights.Tensors.Keys);
        var architecture = EncoderCheckpoint.ReadArchitecture(format, config, out var vocabularySize);
        if (tokenizer.Vocabulary.Count > vocabularySize) throw Failures.VocabularyTooLarge(Path.Combine(input, CheckpointFiles.Vocabulary), vocabularySize, tokenizer.Vocabulary.Count);
        var map = WeightMap.Of(weights, format, architecture);
        var tensors = map.Named.ToDictionary(StringComparer.Ordinal);
        foreach (var name in map.NotUsed) tensors.Add(name, weights.Tensors[name]);
        if (map.OutputMap is { } outputMap && !HaveSameBytes(outputMap, tensors[map.TokenEmbedding])) tensors.Add(WeightMap.HeadMap, outputMap);

        if (precision is not null) config = config.With("torch_dtype", JsonValue.Create(precision));
        using var files = new PartialFiles(output);
        foreach (var name in s_companions.Where(name => File.Exists(Path.Combine(input, name))))
        {
            using var source = File.OpenRead(Path.Combine(input, name));
            files.Write(name, source.CopyTo);
        }

        files.Write(CheckpointFiles.Config, stream => JsonSerializer.Serialize(stream, config.ToJson(), s_indented));
        return Write(files, tensors, precision, CheckpointFormats.Id(format), warnings);
    }

    static ConvertedCheckpoint Write(PartialFiles files, IReadOnlyDictionary<string, ITensorSource> tensors, string? precision, string? format, IReadOnlyList<string> warnings)
    {
        var converted = tensors.ToDictionary(pair => pair.Key, pair => precision is null ? pair.Value : pair.Value.To(s_types[precision], pair.Key), StringComparer.Ordinal);
        var length = 0L;
        files.Write(CheckpointFiles.Safetensors, stream =>
        {
            Safetensors.Write(stream, converted, CheckpointFiles.Metadata);
            length = stream.Length;
        });
        files.Commit();
        return new(format, converted.Count, converted.Values.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)), length, warnings);
    }

    static bool HaveSameBytes(ITensorSource a, ITensorSource b) => a.DType == b.DType && a.Shape.SequenceEqual(b.Shape) && Hash(a).AsSpan().SequenceEqual(Hash(b));

    static byte[] Hash(ITensorSource tensor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        tensor.Read((piece, _) => hash.AppendData(piece));
        return hash.GetHashAndReset();
    }
}
