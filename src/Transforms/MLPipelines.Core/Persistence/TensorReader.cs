namespace MLPipelines.Persistence;

/// <summary>Receives a piece of a tensor's values.</summary>
/// <param name="piece">Whole elements, little endian; valid during the call only.</param>
/// <param name="offset">Where the piece begins, in bytes from the beginning of the tensor.</param>
public delegate void TensorReader(ReadOnlySpan<byte> piece, long offset);
