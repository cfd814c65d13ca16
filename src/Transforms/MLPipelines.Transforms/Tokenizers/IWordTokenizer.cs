namespace MLPipelines.Tokenizers;

/// <summary>A tokenizer that cuts text into words first, and then words into tokens, so that it knows which tokens belong together.</summary>
public interface IWordTokenizer : ITextTokenizer
{
    /// <summary>Tokenizes one text, without adding special tokens.</summary>
    /// <param name="text">Any string.</param>
    /// <param name="words">The word of each token: counted from 0 in the order of the text, as many as there are tokens.</param>
    TokenizedText Tokenize(string text, out int[] words);
}
