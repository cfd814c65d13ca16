using System.ComponentModel.DataAnnotations;

namespace MLPipelines.Trainers.Files;

/// <summary>Where texts and labels stand in a data file.</summary>
/// <remarks>
/// The form is known by the file's name: <c>.csv</c> has commas and quotes, <c>.tsv</c>, <c>.tab</c> and <c>.txt</c> have tabs and no quotes, everything else is JSON lines.
/// A table has a header line, unless its columns are given by numbers.
/// </remarks>
public sealed record LabeledTextFormat : IValidatableObject
{
    /// <summary>The column of a table, or the field of a JSON line, with the text: its name, or in a table without a header its number, from 0.</summary>
    /// <value>The default is null: <c>text</c> or <c>text1</c>, for scored pairs also <c>sentence1</c>.</value>
    public string? TextColumn { get; init; }

    /// <summary>The column or field with the second text of a pair; null where there is none.</summary>
    /// <value>The default is null: <c>text2</c> where there is one, for scored pairs also <c>sentence2</c>.</value>
    public string? SecondTextColumn { get; init; }

    /// <summary>The column or field with the label or labels, or with the score of a pair.</summary>
    /// <value>The default is null: <c>label</c> or <c>labels</c>, whichever is there; for scored pairs <c>score</c>, or <c>label</c>.</value>
    public string? LabelColumn { get; init; }

    /// <summary>What separates the labels of a row in a table's column, for multi-label data.</summary>
    /// <value>The default is a comma.</value>
    [Required, MinLength(1)]
    public string LabelSeparator { get; init; } = ",";

    /// <summary>A file with one label a line, in whose lines (counted from 0) the labels of the data are numbers; null where the data hold the labels themselves.</summary>
    /// <value>The default is null.</value>
    public string? LabelNames { get; init; }

    /// <summary>What stands for a missing text, such as NS (not translated) in PAWS-X: a row whose text, or second text, is exactly this is left out. Null keeps all rows.</summary>
    /// <value>The default is null.</value>
    public string? Drop { get; init; }

    /// <summary>
    /// Reads data files through, so that what is wrong with them is found before hours of training: every row has to be as this format says, with no label that the training data never have.
    /// </summary>
    /// <param name="training">The training data.</param>
    /// <param name="others">Validation and test data.</param>
    /// <param name="many">Whether a row has any number of labels instead of exactly one.</param>
    /// <param name="cancellationToken">Checked for every row.</param>
    /// <exception cref="Components.DataFormatException">A row is not as it should be, or has a label that no row of the training data has; file and line are named.</exception>
    public void CheckLabels(string training, IReadOnlyCollection<string> others, bool many, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(training);
        ArgumentNullException.ThrowIfNull(others);
        if (others.Count == 0) return;
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in Rows(training)) known.UnionWith(row.Labels);
        foreach (var path in others)
        {
            foreach (var row in Rows(path))
            {
                if (row.Labels.FirstOrDefault(label => !known.Contains(label)) is { } unknown) throw TrainerErrors.UnknownLabel(unknown, path, row.Line, [.. known.Order(StringComparer.Ordinal)]);
            }
        }

        IEnumerable<LabeledText> Rows(string path) => new LabeledTextFile<LabeledText>(path, this, many ? LabelForm.Many : LabelForm.One, row =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return row;
        });
    }

    internal bool HasHeader => !int.TryParse(TextColumn ?? LabelColumn, out _);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var given = new[] { TextColumn, SecondTextColumn, LabelColumn }.Where(column => column is not null).ToList();
        if (given.Count > 0 && given.Any(column => int.TryParse(column, out _)) && !(given.All(column => int.TryParse(column, out var number) && number >= 0) && TextColumn is not null && LabelColumn is not null))
        {
            yield return new("Give all columns by name, or for a table without a header all of them by number, from 0.", [nameof(TextColumn), nameof(LabelColumn)]);
        }
    }
}
