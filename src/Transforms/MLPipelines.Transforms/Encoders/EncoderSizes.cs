namespace MLPipelines.Encoders;

/// <summary>What the sizes of encoders mean.</summary>
public static class EncoderSizes
{
    /// <summary>The shape of an encoder of a size.</summary>
    /// <param name="size">The size.</param>
    /// <param name="vocabularySize">Rows of the token embedding.</param>
    /// <param name="maximumLength">The longest sequence, special tokens included.</param>
    /// <param name="dropout">Probability of dropping an element in training.</param>
    public static EncoderShape Shape(this EncoderSize size, int vocabularySize, int maximumLength = 512, double dropout = 0.1)
    {
        var (layers, hidden, heads) = size switch { EncoderSize.Tiny => (2, 128, 2), EncoderSize.Base => (12, 768, 12), _ => (4, 256, 4) };
        return new(vocabularySize, layers, hidden, heads, maximumLength, dropout);
    }
}
