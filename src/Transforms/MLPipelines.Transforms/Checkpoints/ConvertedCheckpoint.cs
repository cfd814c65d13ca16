namespace MLPipelines.Checkpoints;

/// <summary>What <see cref="CheckpointConverter.Convert"/> wrote.</summary>
/// <param name="Format">The id of the format, for a directory; null for a file by itself.</param>
/// <param name="Tensors">The number of tensors.</param>
/// <param name="Numbers">The number of their elements.</param>
/// <param name="Bytes">The length of the file.</param>
/// <param name="Warnings">What a user should know about the checkpoint; usually empty.</param>
public sealed record ConvertedCheckpoint(string? Format, int Tensors, long Numbers, long Bytes, IReadOnlyList<string> Warnings);
