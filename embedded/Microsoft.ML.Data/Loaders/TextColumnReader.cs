using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Holds the value of one column on the current line.</summary>
internal abstract class TextColumnReader
{
    public static TextColumnReader Create(TextColumn column, TextFormat format, TextParseErrors errors)
    {
        if (column.ItemType is TextDataViewType)
            return new TextColumnReader<ReadOnlyMemory<char>>(column, null, false, errors);
        return GenericCall.Invoke<TextColumnReader>(New<int>, column.ItemType.RawType, column, format, errors);
    }

    private static TextColumnReader<T> New<T>(TextColumn column, TextFormat format, TextParseErrors errors)
        => new(column, TextValueParser.Create<T>(column.ItemType, format), format.MissingRealsAsNaNs && (typeof(T) == typeof(float) || typeof(T) == typeof(double)), errors);

    public abstract void Read(TextFields fields, long line);

    public abstract Delegate MakeGetter();
}

internal sealed class TextColumnReader<T>(TextColumn column, TextValueParser<T> parse, bool missingIsNaN, TextParseErrors errors) : TextColumnReader
{
    private readonly List<int> _indices = [];
    private readonly List<T> _values = [];
    private T _value;
    private int _length;

    private bool IsVector => column.Type is VectorDataViewType;

    public override void Read(TextFields fields, long line)
    {
        _indices.Clear();
        _values.Clear();
        _length = 0;
        foreach (var segment in column.Segments)
        {
            int size = segment.Length(fields.Count);
            bool isLast = ReadSegment(fields, segment.Min, size, line);
            if (isLast && missingIsNaN)
                FillMissing(fields.Items.Count, segment.Min, size, line);
            _length += size;
        }
        if (!IsVector)
            _value = _values.Count > 0 ? _values[0] : default;
    }

    /// <summary>Reads the fields of a range, and says whether no field comes behind it.</summary>
    private bool ReadSegment(TextFields fields, int min, int size, long line)
    {
        var items = CollectionsMarshal.AsSpan(fields.Items);
        int item = fields.Find(min);
        for (; item < items.Length && items[item].Index - min < size; item++)
        {
            int slot = _length + items[item].Index - min;
            Add(slot, Parse(items[item].Text, slot, line));
        }
        return item >= items.Length;
    }

    /// <summary>What the end of the line lacks of a range is read as empty fields are.</summary>
    private void FillMissing(int fieldCount, int min, int size, long line)
    {
        for (int slot = _length + Math.Max(0, fieldCount - min); slot < _length + size; slot++)
        {
            if (_indices.Count == 0 || _indices[^1] < slot)
                Add(slot, Parse(default, slot, line));
        }
    }

    private void Add(int slot, T value)
    {
        _indices.Add(slot);
        _values.Add(value);
    }

    private T Parse(ReadOnlyMemory<char> text, int slot, long line)
    {
        if (parse is null)
            return (T)(object)text;
        if (text.IsEmpty && !TextValueParser.HasMissing(column.ItemType))
            return default;
        if (parse(text.Span, out var value))
            return value;
        if (!TextValueParser.HasMissing(column.ItemType))
        {
            throw Contracts.Except(IsVector
                ? $"Could not parse value {text} in slot {slot} of column {column.Name} in line {line}"
                : $"Could not parse value {text} in line {line}, column {column.Name}");
        }
        errors.ReportValue(line, column.Name, IsVector ? slot : null);
        return value;
    }

    public override Delegate MakeGetter() => IsVector
        ? (ValueGetter<VBuffer<T>>)GetVector
        : (ValueGetter<T>)((ref T dst) => dst = _value);

    private void GetVector(ref VBuffer<T> dst)
    {
        bool sparse = _values.Count <= _length / 2;
        var editor = VBufferEditor.Create(ref dst, _length, sparse ? _values.Count : _length);
        if (sparse)
        {
            CollectionsMarshal.AsSpan(_values).CopyTo(editor.Values);
            CollectionsMarshal.AsSpan(_indices).CopyTo(editor.Indices);
        }
        else
        {
            editor.Values.Clear();
            for (int i = 0; i < _values.Count; i++)
                editor.Values[_indices[i]] = _values[i];
        }
        dst = editor.Commit();
    }
}
