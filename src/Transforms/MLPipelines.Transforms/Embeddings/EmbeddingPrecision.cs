namespace MLPipelines.Embeddings;

/// <summary>The number format in which an encoder computes. Vectors are always delivered as Single.</summary>
public enum EmbeddingPrecision
{
    /// <summary>32 bits: a row's vector does not depend on its batch by more than 1e-5.</summary>
    Float32,

    /// <summary>
    /// bfloat16: half the memory, and faster where the processor has instructions for it. Eight significant bits: cosines between vectors change by up to about
    /// one hundredth, and a row's vector depends on its batch by as much.
    /// </summary>
    Bfloat16,
}
