using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>A table with one vector per id.</summary>
/// <remarks>Parameter: <c>weight</c> [rows, width], truncated normal with σ = 0.02 at first, drawn from the given generator.</remarks>
public sealed class TokenEmbedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter weight;

    /// <summary>Creates the table.</summary>
    /// <param name="rows">The number of ids.</param>
    /// <param name="width">The width of a vector.</param>
    /// <param name="generator">For first values; not owned.</param>
    public TokenEmbedding(long rows, long width, Generator? generator = null) : base(nameof(TokenEmbedding))
    {
        weight = nn.Parameter(Initialization.TruncatedNormal([rows, width], 0.02, generator));
        RegisterComponents();
    }

    /// <summary>[rows, width]; belongs to the module.</summary>
    public Parameter Weight => weight;

    /// <summary>Looks vectors up.</summary>
    /// <param name="ids">int64 [B, T], each below the number of rows.</param>
    /// <returns>[B, T, width], fresh.</returns>
    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return weight.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], -1).MoveToOuterDisposeScope();
    }
}
