using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Models;

/// <summary>Scores a stream of rows, the good ones by a model, and gives every row its answer in its place.</summary>
internal sealed class RowScoring
{
    // The model reads ahead to form batches, perhaps on another thread; every row that it has not answered yet waits here, bad rows among them.
    private readonly ConcurrentQueue<InputRow> _waiting = new();
    private readonly IEnumerable<InputRow> _rows;
    private volatile ExceptionDispatchInfo? _failure;

    private RowScoring(IEnumerable<InputRow> rows) => _rows = rows;

    /// <summary>One result for each row, in order, read no further ahead than the model's batches.</summary>
    /// <param name="score">Gives the model's columns for rows.</param>
    /// <param name="outputs">The columns to read.</param>
    /// <param name="rows">The rows. A bad one gets an <c>error</c> field.</param>
    /// <param name="reader">Makes, for the row that a cursor stands on, what adds the prediction to a row's fields.</param>
    internal static IEnumerable<JsonObject> Run(Func<IEnumerable<InputRow>, IDataView> score, IReadOnlyCollection<string> outputs, IEnumerable<InputRow> rows, Func<DataViewRow, Action<InputRow>> reader) =>
        new RowScoring(rows).Run(score, outputs, reader);

    /// <summary>The text of each row, and of a pair the second text, as data.</summary>
    /// <param name="context">The context.</param>
    /// <param name="rows">Good rows.</param>
    /// <param name="textColumn">The model's column for the text.</param>
    /// <param name="secondTextColumn">The model's column for the second text of a pair.</param>
    internal static IDataView Load(MLContext context, IEnumerable<InputRow> rows, string textColumn, string? secondTextColumn = null) =>
        Load(context, textColumn, rows.Select(row => new TextRow { Text = row.Text!, SecondText = row.SecondText ?? "" }), secondTextColumn);

    /// <summary>Rows as data with one text column, or two.</summary>
    internal static IDataView Load(MLContext context, string textColumn, IEnumerable<TextRow> texts, string? secondTextColumn = null)
    {
        var definition = SchemaDefinition.Create(typeof(TextRow));
        definition[nameof(TextRow.Text)].ColumnName = textColumn;
        var second = definition[nameof(TextRow.SecondText)];
        if (secondTextColumn is null)
        {
            definition.Remove(second);
        }
        else
        {
            second.ColumnName = secondTextColumn;
        }

        return context.Data.LoadFromEnumerable(texts, definition);
    }

    private IEnumerable<JsonObject> Run(Func<IEnumerable<InputRow>, IDataView> score, IReadOnlyCollection<string> outputs, Func<DataViewRow, Action<InputRow>> reader)
    {
        var scored = score(Good());
        using (var cursor = scored.GetRowCursor(outputs.Select(name => scored.Schema[name])))
        {
            var add = reader(cursor);
            while (cursor.MoveNext())
            {
                // Good rows and predictions come in the same order; bad rows between them have none.
                while (_waiting.TryDequeue(out var row))
                {
                    if (row.Error is null)
                    {
                        LabeledRows.MoveAside(row.Fields, "error", "input_");
                        add(row);
                        yield return row.Fields;
                        break;
                    }

                    yield return WithError(row);
                }
            }
        }

        while (_waiting.TryDequeue(out var row))
        {
            yield return WithError(row);
        }

        _failure?.Throw();
    }

    private IEnumerable<InputRow> Good()
    {
        using var rows = _rows.GetEnumerator();
        while (TryNext(rows))
        {
            _waiting.Enqueue(rows.Current);
            if (rows.Current.Error is null)
            {
                yield return rows.Current;
            }
        }
    }

    // What is wrong with the input reaches the user as it is, not through the threads of the model's cursors.
    private bool TryNext(IEnumerator<InputRow> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (Exception error) when (error is UsageException or IOException)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            return false;
        }
    }

    private static JsonObject WithError(InputRow row)
    {
        LabeledRows.MoveAside(row.Fields, "error", "input_");
        row.Fields["error"] = row.Error;
        return row.Fields;
    }

    internal sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string SecondText { get; set; } = "";
    }
}
