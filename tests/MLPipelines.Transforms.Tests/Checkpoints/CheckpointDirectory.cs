using MLPipelines.Persistence;

namespace MLPipelines.Transforms.Tests.Checkpoints;

/// <summary>A directory with the files of a checkpoint, deleted at the end. At first the small Hugging Face model of tests/goldens.</summary>
sealed class CheckpointDirectory : IDisposable
{
    /// <summary>The configuration of the small model, with the keys of published ones.</summary>
    public const string Config = """
        {
          "architectures": ["RoFormerForMaskedLM"], "attention_probs_dropout_prob": 0.1, "embedding_size": 32, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 32,
          "initializer_range": 0.02, "intermediate_size": 64, "layer_norm_eps": 1e-12, "max_position_embeddings": 64, "model_type": "roformer", "num_attention_heads": 4,
          "num_hidden_layers": 2, "pad_token_id": 0, "rotary_value": false, "transformers_version": "4.7.0.dev0", "type_vocab_size": 2, "use_cache": true, "vocab_size": 50
        }
        """;

    CheckpointDirectory() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("N"));

    public static CheckpointDirectory Tiny(string weights = "roformer_v1_tiny.safetensors")
    {
        var directory = new CheckpointDirectory();
        File.Copy(Golden.PathOf(weights), directory.FilePath(weights.EndsWith(".bin", StringComparison.Ordinal) ? "pytorch_model.bin" : "model.safetensors"));
        directory.Write("config.json", Config);
        directory.Write("vocab.txt", string.Join('\n', new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Concat(Enumerable.Range(0, 45).Select(i => ((char)('一' + i)).ToString()))));
        return directory;
    }

    public string FilePath(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string content) => File.WriteAllText(FilePath(name), content);

    /// <summary>Changes the text of a file; there has to be something to change.</summary>
    public CheckpointDirectory Replace(string name, string old, string @new)
    {
        var content = File.ReadAllText(FilePath(name));
        Assert.Contains(old, content, StringComparison.Ordinal);
        Write(name, content.Replace(old, @new, StringComparison.Ordinal));
        return this;
    }

    /// <summary>Changes the weights.</summary>
    public CheckpointDirectory Weights(Action<Dictionary<string, TensorData>> change)
    {
        var tensors = Safetensors.Read(File.ReadAllBytes(FilePath("model.safetensors"))).ToDictionary(StringComparer.Ordinal);
        change(tensors);
        using var stream = File.Create(FilePath("model.safetensors"));
        Safetensors.Write(stream, tensors, nonFinite: NonFinite.Allow);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
