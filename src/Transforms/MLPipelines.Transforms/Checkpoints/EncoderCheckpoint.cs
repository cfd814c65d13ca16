using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Checkpoints;

/// <summary>A pretrained encoder as it is published: a directory with <c>config.json</c>, <c>vocab.txt</c> and <c>model.safetensors</c> or <c>pytorch_model.bin</c>.</summary>
/// <remarks>
/// The architecture is found from the configuration and the names of the weights. Files are treated as hostile: nothing in them is executed, and sizes are
/// checked before memory is allocated. Loading takes memory for about one copy of the weights. Disposing disposes the encoder and the heads.
/// </remarks>
public sealed class EncoderCheckpoint : IDisposable
{
    internal EncoderCheckpoint(IEncoder encoder, ITextTokenizer tokenizer, FirstTokenPooler? pooler, nn.Module<Tensor, Tensor, Tensor>? languageModelHead, IReadOnlyList<string> warnings)
        => (Encoder, Tokenizer, Pooler, LanguageModelHead, Warnings) = (encoder, tokenizer, pooler, languageModelHead, warnings);

    /// <summary>The encoder in float32 on the CPU, in eval mode.</summary>
    public IEncoder Encoder { get; }

    /// <summary>The tokenizer of the checkpoint's vocabulary.</summary>
    public ITextTokenizer Tokenizer { get; }

    /// <summary>The pooler over the first token; null where the checkpoint has none.</summary>
    public FirstTokenPooler? Pooler { get; }

    /// <summary>The masked-language-model head, called with the hidden states and the encoder's token embedding; null where the checkpoint has none.</summary>
    public nn.Module<Tensor, Tensor, Tensor>? LanguageModelHead { get; }

    /// <summary>What a user should know about this checkpoint, for example that its words are cut differently here; usually empty.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="directory">The directory with its files.</param>
    /// <param name="options">What to change; null takes the checkpoint as it is.</param>
    /// <exception cref="Components.DataFormatException">A file is missing, or the configuration or vocabulary is not valid.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged, or are not those that the configuration describes; the message lists the names that differ.</exception>
    public static EncoderCheckpoint Load(string directory, LoadOptions? options = null) => throw new NotImplementedException();

    /// <summary>Writes a checkpoint that <see cref="Load"/> and Hugging Face transformers read: every file, or nothing at all.</summary>
    /// <param name="directory">The directory; it is made where it does not exist, files of the same names in it are replaced.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="tokenizer">The tokenizer it was trained with.</param>
    /// <param name="heads">The heads to write beside it; null writes none.</param>
    public static void Save(string directory, IEncoder encoder, ITextTokenizer tokenizer, CheckpointHeads? heads = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
        (Encoder as IDisposable)?.Dispose();
        Pooler?.Dispose();
        LanguageModelHead?.Dispose();
    }
}
