using System.Text.Json.Nodes;

namespace MLPipelines.Host.Models;

/// <summary>Similarity of sentences by whitened vectors: <c>mlp whiten</c> and the models that it makes.</summary>
internal sealed class SimilarityTask : IModelTask
{
    public string Name => "similarity";

    public bool MakesVectors => true;

    public string? ComponentId => "transform.whitening.v1";

    public Evaluation Evaluate(LoadedModel model, string dataFile, DataSettings data) => PairScoring.Evaluate(model, dataFile, data);

    public IEnumerable<JsonObject> Predict(LoadedModel model, IEnumerable<InputRow> rows, PredictSettings settings) => PairRows.Run(EmbeddingSource.Of(model), rows, settings);
}
