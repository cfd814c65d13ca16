using System.Text.Json.Nodes;
using Microsoft.ML;

namespace MLPipelines.Host.Models;

/// <summary>How texts get into a model whose scorer may read another column than <c>Text</c>.</summary>
/// <param name="model">The model.</param>
/// <param name="wanted">The scorer's column for the text.</param>
internal sealed class TextInput(LoadedModel model, string wanted)
{
    /// <summary>The column under which the model takes texts. A pipeline may make the scorer's column out of <c>Text</c> itself.</summary>
    internal string Column => wanted == "Text" || Accepts(RowScoring.Load(model.Context, "Text", []).Schema) ? "Text" : wanted;

    /// <summary>Scores a view that has its texts in the column <c>Text</c>.</summary>
    internal IDataView Score(IDataView texts)
    {
        if (wanted != "Text" && !Accepts(texts.Schema))
        {
            texts = model.Context.Transforms.CopyColumns(wanted, "Text").Fit(texts).Transform(texts);
        }

        return model.Transformer.Transform(texts);
    }

    /// <summary>One result for each row, in order, read no further ahead than the model's batches.</summary>
    /// <param name="outputs">The columns that the answer is made of.</param>
    /// <param name="rows">The rows, with their texts.</param>
    /// <param name="settings">Where other columns of the model are, if it needs any.</param>
    /// <param name="reader">Makes, for the row that a cursor stands on, what adds the answer to a row's fields. Columns that later steps add follow as they are.</param>
    /// <param name="second">The scorer's column for the second text of a pair.</param>
    internal IEnumerable<JsonObject> Answer(IReadOnlyCollection<string> outputs, IEnumerable<InputRow> rows, PredictSettings settings, Func<DataViewRow, Action<InputRow>> reader, string? second = null)
    {
        var later = model.AddedAfterwards.Where(name => ColumnFields.CanWrite(model.OutputSchema[name].Type)).ToList();
        var text = Column;
        if (Accepts(RowScoring.Load(model.Context, [], text, second).Schema))
        {
            return Run(good => RowScoring.Load(model.Context, good, text, second), rows, later, (_, _) => true);
        }

        // The model has steps that read more than texts, for example the labels that it was trained with.
        var input = new ModelInput(model, outputs.Concat(later), outputs, settings);
        return Run(input.View, rows.Select(input.Read), [.. later.Intersect(input.Outputs)], input.CanMake);

        IEnumerable<JsonObject> Run(Func<IEnumerable<InputRow>, IDataView> load, IEnumerable<InputRow> readable, IReadOnlyList<string> others, Func<string, InputRow, bool> canMake) =>
            RowScoring.Run(good => model.Transformer.Transform(load(good)), [.. outputs, .. others], settings.Check(readable), row =>
            {
                var (answer, fields) = (reader(row), ColumnFields.Readers(row, others));
                return target =>
                {
                    answer(target);
                    ColumnFields.Add(target, fields, canMake);
                };
            });
    }

    private bool Accepts(DataViewSchema schema)
    {
        try
        {
            return model.Transformer.GetOutputSchema(schema) is not null;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
