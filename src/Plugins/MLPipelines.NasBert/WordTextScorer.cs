using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;

namespace MLPipelines.NasBert;

/// <summary>Writes a text as ML.NET's recognizer needs it: its words with single spaces between them, and one word more. The first step of models made by <see cref="NasBertNer"/>.</summary>
/// <remarks>
/// <para>
/// The recognizer takes every space of its byte pair encoding for the beginning of a word, so that words and tags agree for single spaces only: several spaces, tabs and line ends are made one space.
/// </para>
/// <para>
/// In ML.NET 5.0.0 it gives each word the tag of the word before: its network answers for a start token and then for each token, the scoring leaves the start token out of account
/// (<c>NerTransformer.Mapper.CondenseOutput</c>), the training does not. The first word gets no tag, and that of the last one would be lost; for the word at the end it is not.
/// </para>
/// Input column: text. Output column: text.
/// Source: https://github.com/dotnet/machinelearning/blob/v5.0.0/src/Microsoft.ML.TorchSharp/NasBert/NerTrainer.cs.
/// </remarks>
[PipelineComponent(Id, Source = "https://github.com/dotnet/machinelearning/blob/v5.0.0/src/Microsoft.ML.TorchSharp/NasBert/NerTrainer.cs", Summary = "Writes a text with single spaces for ML.NET's recognizer")]
public sealed class WordTextScorer(WordTextScorer.Options options) : IBatchScorer<WordRow>, IPackageLoader
{
    const string Id = "transform.nas-bert-words.v1";

    readonly Options options = OptionsValidator.Validate(options, Id);

    /// <inheritdoc/>
    public SchemaContract Contract { get; } = new(
        ColumnSpec.Required(options.TextColumn, "text", TextDataViewType.Instance), ColumnSpec.Produced(options.OutputColumn, TextDataViewType.Instance));

    /// <inheritdoc/>
    public int LookAhead => 1;

    /// <inheritdoc/>
    public Func<WordRow> CreateReader(DataViewRow input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var text = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[options.TextColumn]);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            text(ref value);
            return new(value.ToString(), []);
        };
    }

    /// <inheritdoc/>
    public void Score(IReadOnlyList<WordRow> rows)
    {
    }

    /// <inheritdoc/>
    public Delegate CreateGetter(string column, Func<WordRow> current)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = (ref ReadOnlyMemory<char> value) =>
        {
            var text = current().Text;
            value = string.Join(' ', WordRow.Words(text).Select(word => text[word.Start..word.End]).Append(WordRow.WordAtEnd)).AsMemory();
        };
        return getter;
    }

    /// <inheritdoc/>
    public ModelPackage Pack() => new(typeof(WordTextScorer), OptionsJson.Write(options));

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return new BatchedTransformer<WordRow>(new WordTextScorer(OptionsJson.Read<Options>(package.Options, Id)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>The columns.</summary>
    public sealed record Options
    {
        /// <summary>The column with the text.</summary>
        /// <value>The default is <c>Text</c>.</value>
        [Required] public string TextColumn { get; init; } = "Text";

        /// <summary>The column for the words.</summary>
        /// <value>The default is <c>Words</c>.</value>
        [Required] public string OutputColumn { get; init; } = "Words";
    }
}
