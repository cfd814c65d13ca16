using MLPipelines.Checkpoints;
using MLPipelines.Encoders;

namespace MLPipelines.Testing;

/// <summary>A checkpoint format and a small encoder that it can hold.</summary>
/// <param name="format">The format.</param>
/// <param name="options">The encoder: every option that the format can express differs from its default, at least 20 token ids, a maximum length of 12 to 64.</param>
/// <param name="required">The keys of <c>config.json</c> without which there is no architecture.</param>
public sealed class CheckpointFormatContractCase(ICheckpointFormat format, IEncoderOptions options, IReadOnlyList<string> required)
{
    /// <summary>The format.</summary>
    public ICheckpointFormat Format { get; } = format;

    /// <summary>The encoder.</summary>
    public IEncoderOptions Options { get; } = options;

    /// <summary>The keys that have to be there.</summary>
    public IReadOnlyList<string> Required { get; } = required;
}
