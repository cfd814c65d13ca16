using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Schema;

namespace MLPipelines.SentencePairs;

/// <summary>Reads rows of two vectors of one length and a gold score, and refuses what cannot be compared.</summary>
sealed class PairCursor : IDisposable
{
    readonly DataViewRowCursor _cursor;
    readonly (string First, string Second, string Score) _columns;
    readonly ValueGetter<VBuffer<float>> _getFirst;
    readonly ValueGetter<VBuffer<float>> _getSecond;
    readonly ValueGetter<float> _getScore;
    VBuffer<float> _first;
    VBuffer<float> _second;

    public PairCursor(IDataView data, string firstColumn, string secondColumn, string scoreColumn)
    {
        ArgumentNullException.ThrowIfNull(data);
        _columns = (firstColumn, secondColumn, scoreColumn);
        var size = Check(data.Schema);
        (First, Second) = (new float[size], new float[size]);
        var schema = data.Schema;
        _cursor = data.GetRowCursor([schema[firstColumn], schema[secondColumn], schema[scoreColumn]]);
        _getFirst = _cursor.GetGetter<VBuffer<float>>(schema[firstColumn]);
        _getSecond = _cursor.GetGetter<VBuffer<float>>(schema[secondColumn]);
        _getScore = _cursor.GetGetter<float>(schema[scoreColumn]);
    }

    /// <summary>The vectors of the current row; overwritten by the next one.</summary>
    public float[] First { get; }

    public float[] Second { get; }

    public double Score { get; private set; }

    /// <summary>The row, from 1.</summary>
    public long Row { get; private set; }

    public bool MoveNext()
    {
        if (!_cursor.MoveNext()) return false;
        Row++;
        Read(_getFirst, ref _first, First, _columns.First);
        Read(_getSecond, ref _second, Second, _columns.Second);
        float score = 0;
        _getScore(ref score);
        Score = float.IsFinite(score) ? score : throw Failures.PairScore(Row, _columns.Score, score);
        return true;
    }

    public void Dispose() => _cursor.Dispose();

    void Read(ValueGetter<VBuffer<float>> get, ref VBuffer<float> buffer, float[] target, string column)
    {
        get(ref buffer);
        buffer.CopyTo(target);
        if (TensorPrimitives.IsFiniteAll<float>(target)) return;
        throw Failures.VectorNotFinite(Row, Array.FindIndex(target, value => !float.IsFinite(value)), column);
    }

    int Check(DataViewSchema schema)
    {
        new SchemaContract(
            ColumnSpec.Required(_columns.First, "first vector", NumberDataViewType.Single, SchemaShape.Column.VectorKind.Vector),
            ColumnSpec.Required(_columns.Second, "second vector", NumberDataViewType.Single, SchemaShape.Column.VectorKind.Vector),
            ColumnSpec.Required(_columns.Score, "score", NumberDataViewType.Single)).Check(schema);
        var size = ((VectorDataViewType)schema[_columns.First].Type).Size;
        return schema[_columns.Second].Type is VectorDataViewType second && second.Size == size ? size
            : throw Errors.ColumnType("second vector", _columns.Second, $"{schema[_columns.First].Type}, as the column '{_columns.First}'", $"{schema[_columns.Second].Type}");
    }
}
