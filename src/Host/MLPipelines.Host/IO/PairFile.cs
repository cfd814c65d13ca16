using Microsoft.ML;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.SentencePairs;

namespace MLPipelines.Host;

/// <summary>Reads scored sentence pairs: JSON lines <c>{"text1", "text2", "score"}</c>, or a table with a header.</summary>
internal static class PairFile
{
    /// <summary>Every pair of a file, in order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The names of the columns, or fields; those not given are <c>text1</c>, <c>text2</c> and <c>score</c>, or <c>sentence1</c>, <c>sentence2</c> and <c>label</c>.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    /// <exception cref="Components.DataFormatException">A line is no pair, or every pair is left out.</exception>
    internal static IReadOnlyList<SentencePairRow> Read(string path, LabeledTextFormat format)
    {
        InputFile.Check(path, "the file of sentence pairs");
        var context = new MLContext();
        return [.. context.Data.CreateEnumerable<SentencePairRow>(context.SentencePairs().LoadFromFile(path, format), reuseRowObject: false)];
    }
}
