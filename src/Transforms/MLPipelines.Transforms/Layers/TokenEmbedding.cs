using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Makes tables of token vectors whose first values come from a given generator.</summary>
static class TokenEmbedding
{
    static readonly Lock s_sharedGenerator = new();

    /// <summary>A table [rows, width], truncated normal with σ = 0.02 at first; zero without a generator.</summary>
    /// <param name="rows">The number of ids.</param>
    /// <param name="width">The width of a vector.</param>
    /// <param name="sparse">Whether the gradient holds the rows of the batch only.</param>
    /// <param name="generator">For first values; not owned.</param>
    public static Embedding Create(long rows, long width, bool sparse, Generator? generator)
    {
        using var noGrad = no_grad();
        var table = Uninitialized(rows, width, sparse);
        foreach (var parameter in table.parameters()) parameter.DetachFromDisposeScope();
        using var weight = table.weight!;
        using var values = Initialization.TruncatedNormal([rows, width], 0.02, generator);
        weight.copy_(values);
        return table;
    }

    // The constructor draws from the generator that all threads share, whose state is nobody's business but its users'.
    static Embedding Uninitialized(long rows, long width, bool sparse)
    {
        lock (s_sharedGenerator)
        {
            using var shared = Generator.Default;
            using var state = shared.get_state();
            var table = nn.Embedding(rows, width, sparse: sparse);
            shared.set_state(state);
            return table;
        }
    }
}
