using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine binds its types and whether it disposes its transformer.</summary>
public sealed class PredictionEngineOptions
{
    public bool IgnoreMissingColumns = true;

    public SchemaDefinition InputSchemaDefinition;

    public SchemaDefinition OutputSchemaDefinition;

    public bool OwnsTransformer = true;
}
