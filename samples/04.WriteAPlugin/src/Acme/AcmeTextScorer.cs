using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;

namespace Acme;

/// <summary>Does the work of <see cref="AcmeTextEstimator"/>.</summary>
public sealed class AcmeTextScorer(AcmeTextEstimator.Options options) : IBatchScorer<AcmeTextRow>
{
    /// <inheritdoc/>
    public SchemaContract Contract { get; } = ContractOf(options);

    /// <inheritdoc/>
    public int LookAhead => 1;

    /// <summary>Makes a text even.</summary>
    public static string Even(ReadOnlySpan<char> text)
    {
        var even = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (!char.IsWhiteSpace(letter)) even.Append(letter is >= '！' and <= '～' ? (char)(letter - '！' + '!') : letter);
            else if (even.Length > 0 && even[^1] != ' ') even.Append(' ');
        }

        return even.ToString().TrimEnd(' ');
    }

    /// <inheritdoc/>
    public Func<AcmeTextRow> CreateReader(DataViewRow input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var get = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[options.InputColumn]);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            get(ref text);
            return new(text.ToString());
        };
    }

    /// <inheritdoc/>
    public void Score(IReadOnlyList<AcmeTextRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows) row.Even = Even(row.Text);
    }

    /// <inheritdoc/>
    public Delegate CreateGetter(string column, Func<AcmeTextRow> current)
    {
        ArgumentNullException.ThrowIfNull(current);
        ValueGetter<ReadOnlyMemory<char>> getter = (ref ReadOnlyMemory<char> value) => value = current().Even.AsMemory();
        return getter;
    }

    /// <inheritdoc/>
    public ModelPackage Pack() => new(typeof(AcmeTextEstimator), OptionsJson.Write(options));

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    internal static SchemaContract ContractOf(AcmeTextEstimator.Options options) => new(
        ColumnSpec.Required(options.InputColumn, "text", TextDataViewType.Instance), ColumnSpec.Produced(options.OutputColumn, TextDataViewType.Instance));
}
