using Microsoft.ML.Data;
using MLPipelines.Schema;

namespace MLPipelines.Classification;

/// <summary>The columns that every classifier produces, with the annotations by which ML.NET's evaluation knows them.</summary>
static class ClassColumns
{
    const string Kind = "MulticlassClassification";

    /// <summary>The predicted class, a key, and a score for each class.</summary>
    /// <param name="labelColumn">The column with the predicted class.</param>
    /// <param name="scoreColumn">The column with the scores.</param>
    /// <param name="classes">The classes, in the order of the scores.</param>
    /// <param name="keyValues">What the classes are called in the data, where that is no text.</param>
    /// <exception cref="ArgumentException">The key values are of a type that cannot be kept.</exception>
    public static IEnumerable<ColumnSpec> Produced(string labelColumn, string scoreColumn, IReadOnlyList<string> classes, Array? keyValues)
    {
        if (keyValues is not null && !KeyValues.IsKnown(keyValues.GetType().GetElementType()!)) throw Failures.KeyValueType(keyValues.GetType());
        return
        [
            ColumnSpec.Produced(labelColumn, new KeyDataViewType(typeof(uint), classes.Count), LabelAnnotations.KeyValues(classes, keyValues, Kind, "PredictedLabel")),
            ColumnSpec.Produced(scoreColumn, new VectorDataViewType(NumberDataViewType.Single, classes.Count), LabelAnnotations.SlotNames(classes, Kind, "Score")),
        ];
    }
}
