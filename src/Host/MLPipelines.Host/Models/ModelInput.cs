using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Models;

/// <summary>Which of the columns that a model was saved with its answers need, and in which fields of a row they are.</summary>
internal sealed class ModelInput
{
    private readonly LoadedModel _model;
    private readonly IReadOnlyList<FieldColumn> _columns;
    private readonly IReadOnlyList<IReadOnlyList<string>> _fields;
    private readonly Dictionary<string, IReadOnlyList<int>> _needs;
    private readonly HashSet<int> _required;

    /// <param name="model">The model.</param>
    /// <param name="outputs">The columns to read; those that need values which no field can hold are left out.</param>
    /// <param name="answer">Those without which a row has no answer: a row that lacks what they need is bad.</param>
    /// <param name="settings">What the user says about fields.</param>
    /// <exception cref="UsageException">The answer needs a column that no field can hold, or rows and answers are not one to one.</exception>
    internal ModelInput(LoadedModel model, IEnumerable<string> outputs, IEnumerable<string> answer, PredictSettings settings)
    {
        _model = model;
        model.RequireColumns();
        if (!model.Transformer.IsRowToRowMapper)
        {
            throw new UsageException($"{model.FilePath}: a step of this model does not make exactly one row of each row: {string.Join(", ", model.Steps.Where(step => !step.IsRowToRowMapper).Select(step => step.GetType().Name))}.");
        }

        var probe = new FieldView(model.InputSchema, [], []);
        var scored = model.Transformer.Transform(probe);
        _needs = outputs.Concat(answer).Distinct().ToDictionary(output => output, Needs);
        _required = [.. answer.SelectMany(output => _needs[output])];
        var readers = _needs.Values.SelectMany(indices => indices).Distinct().Order().ToDictionary(index => index, index => FieldColumn.Create(model.InputSchema[index]));
        foreach (var index in readers.Where(reader => reader.Value is null).Select(reader => reader.Key).Where(_required.Contains))
        {
            var column = model.InputSchema[index];
            throw new UsageException($"{model.FilePath}: the model reads the column {column.Name} of the type {column.Type}, which no field of a row can hold.");
        }

        Outputs = [.. outputs.Distinct().Where(output => _needs[output].All(index => readers[index] is not null))];
        _columns = [.. readers.Values.OfType<FieldColumn>()];
        _fields = [.. _columns.Select(column => FieldsOf(column, settings))];

        IReadOnlyList<int> Needs(string output)
        {
            // A view asks its source for what it needs when it is asked for a cursor, and reads nothing yet.
            scored.GetRowCursor([scored.Schema[output]]).Dispose();
            return probe.Asked;
        }
    }

    /// <summary>The columns to read.</summary>
    internal IReadOnlyList<string> Outputs { get; }

    /// <summary>The rows as data for the model.</summary>
    internal IDataView View(IEnumerable<InputRow> rows) => new FieldView(_model.InputSchema, _columns, rows);

    /// <summary>Whether a row has all that a column of the model is made of.</summary>
    internal bool CanMake(string output, InputRow row) => _needs[output].All(index => row.Values[Slot(index)] is not null);

    /// <summary>Reads the values of a row from its fields. A row that lacks what the answer needs, or has something else there, is bad.</summary>
    internal InputRow Read(InputRow row)
    {
        if (row.Error is not null)
        {
            return row;
        }

        var values = new object?[_columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (Find(row, i) is not { } field)
            {
                if (_required.Contains(_columns[i].Index))
                {
                    return row with { Error = $"line {row.Number}: the field \"{_fields[i][0]}\" is missing" };
                }
            }
            else if (!_columns[i].TryRead(field, out values[i]))
            {
                return row with { Error = $"line {row.Number}: the field \"{_fields[i][0]}\" is {Excerpt(field)}, expected {_columns[i].Expected}" };
            }
        }

        return row with { Values = values };
    }

    private static string Excerpt(JsonNode field) => JsonText.Line(field) is { Length: <= 40 } text ? text : JsonText.Line(field)[..40] + "…";

    private int Slot(int index)
    {
        for (var slot = 0; slot < _columns.Count; slot++)
        {
            if (_columns[slot].Index == index)
            {
                return slot;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(index), index, "the column is not read");
    }

    private JsonNode? Find(InputRow row, int slot)
    {
        if (row.Text is not null && row.Fields.Count == 1 && IsText(_columns[slot]))
        {
            return JsonValue.Create(row.Text);
        }

        return _fields[slot].FirstOrDefault(row.Fields.ContainsKey) is { } name ? row.Fields[name]
            : row.Fields.FirstOrDefault(field => field.Key.Equals(_fields[slot][0], StringComparison.OrdinalIgnoreCase)).Value;
    }

    private bool IsText(FieldColumn column)
    {
        var texts = _columns.Where(other => _model.InputSchema[other.Index].Type is TextDataViewType && _required.Contains(other.Index)).ToList();
        return column == (texts.Find(other => other.Name.Equals("Text", StringComparison.OrdinalIgnoreCase)) ?? texts.FirstOrDefault());
    }

    private IReadOnlyList<string> FieldsOf(FieldColumn column, PredictSettings settings) =>
        IsText(column) ? settings.GivenText is { } text ? [text] : [column.Name, .. settings.TextFields]
        : column.Name == "SecondText" ? settings.GivenSecondText is { } second ? [second] : [column.Name, .. settings.SecondTextFields]
        : [column.Name];
}
