using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Text files as a view; each cursor reads them anew.</summary>
internal sealed class TextFileView(IHost host, TextFormat format, TextColumn[] columns, DataViewSchema schema, IMultiStreamSource source) : IDataView
{
    public DataViewSchema Schema => schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(host, format, columns, schema, source, ActiveColumns.Of(schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursorBase
    {
        private readonly TextFormat _format;
        private readonly IEnumerator<(string Text, long Line, string Path)> _lines;
        private readonly TextFields _fields;
        private readonly TextParseErrors _errors;
        private readonly TextColumnReader[] _readers;
        private readonly Delegate[] _getters;
        private bool _disposed;

        public Cursor(IHost host, TextFormat format, TextColumn[] columns, DataViewSchema schema, IMultiStreamSource source, bool[] active)
            : base(host)
        {
            Schema = schema;
            _format = format;
            _errors = new TextParseErrors(Ch);
            _fields = new TextFields(format);
            _readers = [.. columns.Where((_, i) => active[i]).Select(column => TextColumnReader.Create(column, format, _errors))];
            _getters = new Delegate[columns.Length];
            int next = 0;
            for (int i = 0; i < columns.Length; i++)
                _getters[i] = active[i] ? _readers[next++].MakeGetter() : null;
            _lines = TextLines.Read(source, format, withHeader: false).GetEnumerator();
        }

        public override DataViewSchema Schema { get; }

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Getters.Pick<TValue>(Ch, _getters, column);

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new DataViewRowId((ulong)(IsGood ? Position : throw Ch.Except(Getters.NotOnRow)), 0);

        protected override bool MoveNextCore()
        {
            if (Position + 1 >= _format.MaxRows || !MoveToLine())
                return false;
            var (text, line, path) = _lines.Current;
            _fields.Split(text);
            _errors.CountRow();
            if (_fields.Error is not null)
                _errors.ReportLine(path, line, _fields.Error);
            try
            {
                foreach (var reader in _readers)
                    reader.Read(_fields, line);
            }
            catch (Exception ex)
            {
                throw Ch.ExceptDecode(ex, $"Parsing failed with an exception: {ex.Message}");
            }
            return true;
        }

        private bool MoveToLine()
        {
            try
            {
                return _lines.MoveNext();
            }
            catch (Exception ex)
            {
                throw Ch.ExceptDecode(ex, "Stream reading encountered exception");
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _lines.Dispose();
                _errors.Summarize();
            }
            base.Dispose(disposing);
        }
    }
}
