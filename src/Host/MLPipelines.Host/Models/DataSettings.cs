using System.Text.Json;
using MLPipelines.Components;
using MLPipelines.Host.Training;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.SpanExtraction;

namespace MLPipelines.Host.Models;

/// <summary>How labelled data are to be read for evaluation.</summary>
/// <param name="Offsets">What offsets count.</param>
/// <param name="Format">Where texts and labels stand.</param>
internal sealed record DataSettings(TextOffsets Offsets, LabeledTextFormat Format)
{
    /// <summary>The settings of the data that a model was trained on; the defaults where it does not say.</summary>
    internal static LabeledTextFormat FormatOf(LoadedModel model)
    {
        if (ConfigInModel.Read(model.FilePath)?["data"] is not System.Text.Json.Nodes.JsonObject data || !data.ContainsKey("labelSeparator"))
        {
            return new LabeledTextFormat();
        }

        data = data.DeepClone().AsObject();
        foreach (var file in (string[])["train", "valid", "test"])
        {
            data.Remove(file);
        }

        return OptionsJson.Read<LabeledTextFormat>(JsonSerializer.SerializeToElement(data), "data");
    }
}
