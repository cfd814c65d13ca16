using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Makes tables of token vectors whose first values come from a given generator.</summary>
static class TokenEmbedding
{
    /// <summary>A table [rows, width], truncated normal with σ = 0.02 at first.</summary>
    /// <param name="rows">The number of ids.</param>
    /// <param name="width">The width of a vector.</param>
    /// <param name="sparse">Whether the gradient holds the rows of the batch only.</param>
    /// <param name="generator">For first values; not owned.</param>
    public static Embedding Create(long rows, long width, bool sparse, Generator? generator)
    {
        using var values = Initialization.TruncatedNormal([rows, width], 0.02, generator);
        return nn.Embedding_from_pretrained(values, freeze: false, sparse: sparse);
    }
}
