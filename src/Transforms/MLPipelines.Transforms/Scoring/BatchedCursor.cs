using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;

namespace MLPipelines.Scoring;

/// <summary>Reads rows ahead, has them scored together and hands them out in order.</summary>
sealed class BatchedCursor<TRow> : DataViewRowCursor
    where TRow : class
{
    readonly BatchedTransformer<TRow> _transformer;
    readonly DataViewRowCursor _source;
    readonly ActiveColumns _columns;
    readonly Func<TRow> _read;
    readonly ValueGetter<DataViewRowId> _readId;
    readonly Dictionary<int, ColumnBuffer> _passed;
    readonly List<TRow> _rows;
    readonly DataViewRowId[] _ids;
    readonly long[] _batches;
    int _at = -1;
    long _position = -1;
    bool _atEnd;

    public BatchedCursor(BatchedTransformer<TRow> transformer, DataViewRowCursor source, ActiveColumns columns)
    {
        (_transformer, _source, _columns) = (transformer, source, columns);
        var capacity = transformer.LookAhead;
        _read = transformer.Scorer.CreateReader(source);
        _readId = source.GetIdGetter();
        _passed = columns.Passed.ToDictionary(column => column.Index, column => ColumnBuffer.Create(source, column, capacity));
        (_rows, _ids, _batches) = (new(capacity), new DataViewRowId[capacity], new long[capacity]);
    }

    public override DataViewSchema Schema => _columns.Schema;

    public override long Position => _position;

    public override long Batch => _at >= 0 ? _batches[_at] : 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

    public override bool MoveNext()
    {
        if (_atEnd) return false;
        if (++_at >= _rows.Count)
        {
            Fill();
            _atEnd = _rows.Count == 0;
            _at = _atEnd ? -1 : 0;
        }

        _position = _atEnd ? -1 : _position + 1;
        return !_atEnd;
    }

    void Fill()
    {
        _rows.Clear();
        while (_rows.Count < _ids.Length && _source.MoveNext())
        {
            var slot = _rows.Count;
            foreach (var column in _passed.Values) column.Read(slot);
            _readId(ref _ids[slot]);
            _batches[slot] = _source.Batch;
            _rows.Add(_read());
        }

        if (_rows.Count > 0) _transformer.Score(_rows);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[Slot()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _columns.Check(column);
        return _columns.IsProduced(column) ? (ValueGetter<TValue>)_transformer.Scorer.CreateGetter(column.Name, () => _rows[Slot()]) : _passed[column.Index].GetGetter<TValue>(Slot);
    }

    int Slot() => _at >= 0 ? _at : throw Errors.WrongState("the cursor stands on no row", "Call MoveNext, and read only while it returns true");

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        _atEnd = true;
        base.Dispose(disposing);
    }
}
