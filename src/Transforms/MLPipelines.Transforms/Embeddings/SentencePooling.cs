namespace MLPipelines.Embeddings;

/// <summary>How the vectors of a sentence's tokens become one vector.</summary>
/// <remarks>Tokens are all that the encoder sees of the sentence, [CLS] and [SEP] included, padding never. The names P1 to P4 are those of https://kexue.fm/archives/8321.</remarks>
public enum SentencePooling
{
    /// <summary>The first token, [CLS], after the last layer (P3).</summary>
    Cls,

    /// <summary>The encoder's pooler over the first token (P4); only for encoders that come with one.</summary>
    Pooler,

    /// <summary>The mean of all tokens after the last layer (P2).</summary>
    LastAverage,

    /// <summary>The mean of all tokens, of half the sum of the first layer's and the last layer's output (P1). The first layer's output, not the embedding below it.</summary>
    FirstLastAverage,

    /// <summary>In each dimension the largest value of all tokens after the last layer.</summary>
    Max,
}
