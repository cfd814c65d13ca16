namespace Microsoft.ML.Data;

/// <summary>A model that makes a vector of scores of a vector of features. Safe for concurrent use.</summary>
internal interface IVectorModel
{
    int InputSize { get; }

    int OutputSize { get; }

    void Map(in VBuffer<float> features, Span<float> scores);
}
