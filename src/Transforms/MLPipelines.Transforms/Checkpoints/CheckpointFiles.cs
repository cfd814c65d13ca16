using MLPipelines.Components;
using MLPipelines.Persistence;

namespace MLPipelines.Checkpoints;

/// <summary>The files of a checkpoint by their published names.</summary>
static class CheckpointFiles
{
    public const string Config = "config.json";
    public const string Vocabulary = "vocab.txt";
    public const string Tokenizer = "tokenizer_config.json";
    public const string Safetensors = "model.safetensors";
    public const string Torch = "pytorch_model.bin";

    /// <summary>What Hugging Face transformers asks of a safetensors file.</summary>
    public static readonly IReadOnlyDictionary<string, string> Metadata = new Dictionary<string, string> { ["format"] = "pt" };

    /// <summary>Opens the weights in a directory; safetensors where both formats are there.</summary>
    /// <exception cref="DataFormatException">There are none.</exception>
    public static ITensorFile OpenWeights(string directory)
    {
        Require(directory);
        foreach (var name in new[] { Safetensors, Torch })
            if (Path.Combine(directory, name) is var path && File.Exists(path)) return TensorFile.Open(path);
        var present = Directory.EnumerateFiles(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal).Take(20).ToList();
        throw new DataFormatException("the directory holds no weights", directory, expected: $"{Safetensors} or {Torch}", found: present.Count == 0 ? "no files" : string.Join(", ", present));
    }

    public static void Require(string directory)
    {
        if (!Directory.Exists(directory)) throw new DataFormatException("there is no such directory", directory, expected: $"a directory with {Config}, {Vocabulary} and {Safetensors} or {Torch}");
    }
}
