using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Embeddings;
using MLPipelines.Schema;

namespace MLPipelines.SentencePairs;

/// <summary>Pairs of texts as data, and the cosines that a model gives them.</summary>
static class TextPairs
{
    /// <summary>The texts of all pairs, first and second in turn, and their scores.</summary>
    public static (IReadOnlyList<string> Texts, double[] Scores) Read(IDataView pairs, string firstColumn, string secondColumn, string scoreColumn)
    {
        new SchemaContract(
            ColumnSpec.Required(firstColumn, "first text", TextDataViewType.Instance),
            ColumnSpec.Required(secondColumn, "second text", TextDataViewType.Instance),
            ColumnSpec.Required(scoreColumn, "score", NumberDataViewType.Single)).Check(pairs.Schema);
        var (first, second, score) = (pairs.Schema[firstColumn], pairs.Schema[secondColumn], pairs.Schema[scoreColumn]);
        using var cursor = pairs.GetRowCursor([first, second, score]);
        var (getFirst, getSecond, getScore) = (cursor.GetGetter<ReadOnlyMemory<char>>(first), cursor.GetGetter<ReadOnlyMemory<char>>(second), cursor.GetGetter<float>(score));
        var (texts, scores) = (new List<string>(), new List<double>());
        ReadOnlyMemory<char> text = default;
        float value = 0;
        while (cursor.MoveNext())
        {
            getFirst(ref text);
            texts.Add(text.ToString());
            getSecond(ref text);
            texts.Add(text.ToString());
            getScore(ref value);
            scores.Add(float.IsFinite(value) ? value : throw Failures.PairScore(scores.Count + 1, scoreColumn, value));
        }

        return (texts, [.. scores]);
    }

    /// <summary>The cosine of each pair.</summary>
    public static double[] Cosines(ITransformer model, IReadOnlyList<string> texts, string inputColumn, string? vectorColumn)
    {
        var scored = model.Transform(new TextsView(inputColumn, texts));
        var column = VectorColumn.Find(scored.Schema, vectorColumn);
        using var cursor = scored.GetRowCursor([column]);
        var read = cursor.GetGetter<VBuffer<float>>(column);
        var vectors = (First: new float[VectorColumn.SizeOf(column)], Second: new float[VectorColumn.SizeOf(column)]);
        var cosines = new double[texts.Count / 2];
        VBuffer<float> vector = default;
        for (var i = 0; i < cosines.Length; i++)
        {
            Next(vectors.First, i);
            Next(vectors.Second, i);
            cosines[i] = SentencePairMetrics.Cosine(vectors.First, vectors.Second);
        }

        return cosines;

        void Next(float[] target, int pair)
        {
            if (!cursor.MoveNext()) throw Failures.RowsLost(texts.Count, 2 * pair);
            read(ref vector);
            vector.CopyTo(target);
            if (!TensorPrimitives.IsFiniteAll<float>(target)) throw Failures.VectorNotFinite(pair + 1, Array.FindIndex(target, x => !float.IsFinite(x)), column.Name);
        }
    }
}
