namespace MLPipelines.Encoders;

/// <summary>Sizes of an encoder with random initial weights.</summary>
public enum EncoderSize
{
    /// <summary>2 layers of width 128 with 2 heads: trains in seconds on a CPU.</summary>
    Tiny,

    /// <summary>4 layers of width 256 with 4 heads: trains in minutes on a CPU.</summary>
    Small,

    /// <summary>12 layers of width 768 with 12 heads, as BERT base: for a GPU.</summary>
    Base,
}
