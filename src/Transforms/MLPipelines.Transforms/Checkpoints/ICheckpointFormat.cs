using System.Text.Json.Nodes;
using MLPipelines.Encoders;

namespace MLPipelines.Checkpoints;

/// <summary>A way in which encoders of one family are published: their keys in <c>config.json</c> and the names of their weights.</summary>
/// <remarks>
/// A component with a constructor without arguments, found in every assembly of the application; nothing has to be registered. The names of an encoder's own
/// parameters are the published ones below <see cref="Prefix"/>. Implementations hold no state and are safe for concurrent use.
/// </remarks>
public interface ICheckpointFormat
{
    /// <summary>What the published names of the encoder begin with, for example <c>roformer.</c>. Files of a bare encoder have the names without it.</summary>
    string Prefix { get; }

    /// <summary>The name, below the prefix, of the token embedding, which the output map of a language model shares.</summary>
    string TokenEmbedding => "embeddings.word_embeddings.weight";

    /// <summary>Names, below the prefix, of tensors that published files hold although they are no weights: they can be computed. Others are never ignored.</summary>
    IReadOnlyList<string> Buffers { get; }

    /// <summary>Whether a configuration is one of this format. One that does not say its model type is, as long as nothing in it speaks against it.</summary>
    /// <param name="config">The configuration.</param>
    bool Describes(CheckpointConfig config);

    /// <summary>Whether names are those of this format. Decides where a configuration leaves it open, and explains a mismatch.</summary>
    /// <param name="names">The names in the file, without the prefix.</param>
    bool Recognizes(IReadOnlySet<string> names);

    /// <summary>The architecture in a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="Components.DataFormatException">A key is missing or malformed, or a setting cannot be honoured.</exception>
    IEncoderOptions ReadOptions(CheckpointConfig config);

    /// <summary>The configuration of an encoder; null when it is none of this format's.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="hasLanguageModelHead">Whether the checkpoint also holds the masked-language-model head.</param>
    JsonObject? WriteConfig(IEncoder encoder, bool hasLanguageModelHead);
}
