using System.Text.Json.Nodes;

namespace MLPipelines.Host.Models;

/// <summary>Similarity of sentences by an encoder's vectors: the models of <c>mlp train similarity</c> and <c>mlp embed --save</c>.</summary>
internal sealed class EmbeddingTask : IModelTask
{
    public string Name => "embedding";

    public bool MakesVectors => true;

    public string? ComponentId => "transform.sentence-embedding.v1";

    public Evaluation Evaluate(LoadedModel model, string dataFile, DataSettings data) => PairScoring.Evaluate(model, dataFile, data);

    public IEnumerable<JsonObject> Predict(LoadedModel model, IEnumerable<InputRow> rows, PredictSettings settings) => PairRows.Run(EmbeddingSource.Of(model), rows, settings);
}
