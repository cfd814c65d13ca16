using MLPipelines.Tokenizers;

namespace MLPipelines.Testing;

/// <summary>A tokenizer, and what another implementation makes of some texts.</summary>
/// <param name="tokenizer">The tokenizer, with a small vocabulary.</param>
/// <param name="goldens">Texts and their tokens as vocabulary entries, from the reference implementation. At least one.</param>
public sealed class TokenizerContractCase(ITextTokenizer tokenizer, IReadOnlyList<TokenizerGolden> goldens)
{
    /// <summary>The tokenizer.</summary>
    public ITextTokenizer Tokenizer { get; } = tokenizer;

    /// <summary>Texts and what they become.</summary>
    public IReadOnlyList<TokenizerGolden> Goldens { get; } = goldens;
}

/// <summary>One text and what it becomes.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tokens">Its tokens, as vocabulary entries.</param>
/// <param name="Spans">Where each token stands in the text, as UTF-16 start and end (exclusive); null when the reference does not say.</param>
public sealed record TokenizerGolden(string Text, IReadOnlyList<string> Tokens, IReadOnlyList<(int Start, int End)>? Spans = null);
