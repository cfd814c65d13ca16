using MLPipelines.Tokenizers;

namespace MLPipelines.Scoring;

/// <summary>A run of tokens of one text that goes through the encoder together.</summary>
/// <param name="Text">The text.</param>
/// <param name="First">The first token.</param>
/// <param name="Count">The number of tokens, special tokens not counted.</param>
public readonly record struct TextWindow(TokenizedText Text, int First, int Count)
{
    /// <summary>The length of the sequence that the encoder sees: the tokens between [CLS] and [SEP].</summary>
    public int SequenceLength => Count + 2;
}
