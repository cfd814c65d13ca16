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
