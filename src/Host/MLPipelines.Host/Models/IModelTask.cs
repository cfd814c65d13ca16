using System.Text.Json.Nodes;
using Spectre.Console.Rendering;

namespace MLPipelines.Host.Models;

/// <summary>What the tool can do with models of one kind. Every class that implements it is found by <see cref="LoadedModel"/>.</summary>
internal interface IModelTask
{
    /// <summary>The name in <c>mlp train NAME</c>.</summary>
    string Name { get; }

    /// <summary>The component in the model file that this task belongs to; null for any model.</summary>
    string? ComponentId { get; }

    /// <summary>Whether what the component makes is a vector of a text, which steps after it may turn into something else.</summary>
    bool MakesVectors => false;

    /// <summary>Whether every row has to have a text.</summary>
    bool NeedsText => true;

    /// <summary>Whether answers have offsets into the text.</summary>
    bool GivesOffsets => false;

    /// <summary>Whether a model reads a second text where a row has one.</summary>
    bool ReadsSecondText(LoadedModel model) => MakesVectors;

    /// <summary>Scores labelled data.</summary>
    Evaluation Evaluate(LoadedModel model, string dataFile, DataSettings data);

    /// <summary>Adds the prediction to each row: one result for each row, in order, read no further ahead than the model's batches.</summary>
    IEnumerable<JsonObject> Predict(LoadedModel model, IEnumerable<InputRow> rows, PredictSettings settings);
}

/// <summary>Metrics for a script and the same metrics for a person.</summary>
internal sealed record Evaluation(JsonObject Metrics, IRenderable Table);
