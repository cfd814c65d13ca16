using Microsoft.ML;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.SentencePairs;

namespace MLPipelines;

/// <summary>What training adds to the catalog of sentence pairs.</summary>
public static class SentencePairTraining
{
    extension(SentencePairCatalog catalog)
    {
        /// <summary>The trainers.</summary>
        public SentencePairTrainers Trainers
        {
            get
            {
                ArgumentNullException.ThrowIfNull(catalog);
                return new(catalog.Context);
            }
        }
    }

    /// <summary>Reads scored pairs of texts from a file: JSON lines <c>{"text1": "…", "text2": "…", "score": 0.8}</c>, CSV or TSV.</summary>
    /// <remarks>
    /// The file is opened now, to fail early, and then read row by row whenever the view is read; it is never held in memory. Columns: <c>Text</c> and <c>SecondText</c> (text), <c>Score</c> (Single).
    /// Fields and columns may also be called <c>sentence1</c>, <c>sentence2</c> and <c>label</c>.
    /// </remarks>
    /// <param name="catalog"><c>mlContext.SentencePairs()</c>.</param>
    /// <param name="path">The file, UTF-8, with or without a byte order mark.</param>
    /// <param name="format">Where texts and scores stand; null takes the usual names.</param>
    /// <returns>The view.</returns>
    /// <exception cref="Components.DataFormatException">The file does not exist or cannot be read; while the view is read: a row is not as it should be. File, line and column are named.</exception>
    public static IDataView LoadFromFile(this SentencePairCatalog catalog, string path, LabeledTextFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        DataFile.Open(path).Dispose();
        return catalog.Context.Data.LoadFromEnumerable(new LabeledTextFile<SentencePairRow>(path, format ?? new(), LabelForm.Score, row => new SentencePairRow
        {
            Text = row.Text, SecondText = row.SecondText, Score = LabelForms.Score(row.Labels[0])!.Value,
        }));
    }
}
