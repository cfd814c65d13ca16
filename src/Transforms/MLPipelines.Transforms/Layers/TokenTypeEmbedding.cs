using MLPipelines.Encoders;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>The sum of a token and a segment vector, and what is done to it: the first part of a BERT-like encoder.</summary>
/// <remarks>Parameters: <c>word_embeddings.weight</c> [V, E], <c>token_type_embeddings.weight</c> [S, E], and those of the steps under their names.</remarks>
public sealed class TokenTypeEmbedding : nn.Module<EncoderInput, Tensor>
{
    [ComponentName(Name = "word_embeddings")]
    readonly Embedding tokens;

    [ComponentName(Name = "token_type_embeddings")]
    readonly Embedding types;

    readonly nn.Module<Tensor, Tensor>[] steps;

    /// <summary>Creates the tables.</summary>
    /// <param name="vocabulary">Rows V of the token table.</param>
    /// <param name="tokenTypes">Rows S of the segment table.</param>
    /// <param name="width">The width E.</param>
    /// <param name="sparse">Whether the gradient of the token table holds the rows of the batch only.</param>
    /// <param name="parameters">Makes the tables.</param>
    /// <param name="steps">What is done to the sum, in order, with names for the parameters; owned.</param>
    public TokenTypeEmbedding(
        int vocabulary, int tokenTypes, int width, bool sparse, ParameterFactory parameters, params IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Step)> steps)
        : base(nameof(TokenTypeEmbedding))
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(steps);
        tokens = TokenEmbedding.Create(vocabulary, width, sparse, parameters);
        types = TokenEmbedding.Create(tokenTypes, width, sparse: false, parameters);
        this.steps = [.. steps.Select(step => step.Step)];
        RegisterComponents();
        foreach (var (name, step) in steps) register_module(name, step);
    }

    /// <summary>A new handle to the token table [V, E]; it belongs to the caller, the values to this module.</summary>
    public Parameter Tokens => tokens.weight!;

    /// <summary>Looks up a batch.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>[B, T, E], fresh.</returns>
    public override Tensor forward(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var segment = input.TokenTypes is null ? types.weight!.select(0, 0) : types.call(input.TokenTypes);
        var sum = tokens.call(input.Ids).add_(segment); // [B, T, E]
        return steps.Aggregate(sum, (hidden, step) => step.call(hidden)).MoveToOuterDisposeScope();
    }
}
