using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Testing;

/// <summary>Passes rows through and counts what a consumer does to its source. Thread-safe.</summary>
/// <param name="inner">The source.</param>
public sealed class SpyView(IDataView inner) : IDataView
{
    int _opened;
    int _disposed;
    int _rows;

    /// <summary>Shows only the row with this index; null shows all.</summary>
    public int? OnlyRow { get; init; }

    /// <summary>Shows no row at all.</summary>
    public bool Empty { get; init; }

    /// <summary>Called for each row with the number of rows read so far, by all cursors together, from 1.</summary>
    public Action<int>? OnRow { get; init; }

    /// <summary>How many cursors were opened.</summary>
    public int CursorsOpened => _opened;

    /// <summary>How many of them were disposed.</summary>
    public int CursorsDisposed => _disposed;

    /// <summary>How many rows were read by all cursors together.</summary>
    public int RowsRead => _rows;

    /// <summary>The names of the columns that were asked for.</summary>
    public ConcurrentBag<string> ColumnsAsked { get; } = [];

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema => inner.Schema;

    /// <inheritdoc/>
    public long? GetRowCount() => null;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToList();
        foreach (var column in needed) ColumnsAsked.Add(column.Name);
        var cursor = inner.GetRowCursor(needed);
        Interlocked.Increment(ref _opened);
        return new Cursor(this, cursor);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    sealed class Cursor(SpyView view, DataViewRowCursor inner) : DelegatingCursor(inner)
    {
        int _row = -1;
        bool _gone;

        public override bool MoveNext()
        {
            if (view.Empty) return false;
            while (base.MoveNext())
            {
                _row++;
                if (view.OnlyRow is { } only && only != _row) continue;
                var rows = Interlocked.Increment(ref view._rows);
                view.OnRow?.Invoke(rows);
                return true;
            }

            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_gone) Interlocked.Increment(ref view._disposed);
            _gone = true;
            base.Dispose(disposing);
        }
    }
}
