using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Turns the columns that a user describes into columns bound to fields.</summary>
internal sealed class TextColumnBinder(IHost host, TextFormat format, IMultiStreamSource dataSample)
{
    private const int SampleLines = 100;

    private int _inputSize = format.InputSize;

    public TextColumn[] Bind(TextLoader.Column[] columns)
    {
        var segments = Array.ConvertAll(columns, column =>
        {
            host.CheckUserArg(!string.IsNullOrWhiteSpace(column.Name), nameof(column.Name), "Must name every column");
            host.CheckUserArg(column.Source?.Length > 0, nameof(column.Source), "Must specify some source column indices");
            return Array.ConvertAll(column.Source, ToSegment);
        });
        ReplaceAllOther(columns, segments);
        return [.. columns.Select((column, i) => new TextColumn(host, column.Name.Trim(), ItemType(column), segments[i]))];
    }

    private PrimitiveDataViewType ItemType(TextLoader.Column column)
    {
        var kind = column.DataKind.ToInternalDataKind();
        host.CheckUserArg(kind.ToType() is not null, nameof(column.DataKind), "Bad item type");
        if (column.KeyCount is null)
            return ColumnTypeExtensions.PrimitiveTypeFromKind(kind);
        var type = kind.ToType();
        host.CheckUserArg(KeyDataViewType.IsValidDataType(type), nameof(column.DataKind), "Key columns must be of an unsigned integer type");
        ulong most = type == typeof(byte) ? byte.MaxValue : type == typeof(ushort) ? ushort.MaxValue : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;
        return new KeyDataViewType(type, column.KeyCount.Count ?? most);
    }

    private TextSegment ToSegment(TextLoader.Range range)
    {
        host.CheckUserArg(range.Min is >= 0 and < TextSegment.NoLimit - 1, nameof(range.Min), $"Must be from 0 to {TextSegment.NoLimit - 2}");
        if (range.Max is { } max)
        {
            host.CheckUserArg(range.Min <= max && max < TextSegment.NoLimit - 1, nameof(range.Max), $"Must be from the start of the range to {TextSegment.NoLimit - 2}");
            return new(range.Min, max + 1, range.ForceVector);
        }
        if (range.VariableEnd)
            return new(range.Min, TextSegment.NoLimit, true);
        if (!range.AutoEnd)
            return new(range.Min, range.Min + 1, range.ForceVector);
        int size = InputSize();
        if (range.Min >= size)
            throw host.ExceptUserArg(nameof(range.Min), $"Column #{range.Min} not found in the dataset (it only has {size} columns)");
        return new(range.Min, size, true);
    }

    /// <summary>The number of fields that the first lines of the sample agree on.</summary>
    private int InputSize()
    {
        if (_inputSize > 0)
            return _inputSize;
        var fields = new TextFields(format);
        var sizes = TextLines.Read(dataSample, format, withHeader: true).Take(SampleLines).Select(line =>
        {
            fields.Split(line.Text);
            return fields.Count;
        }).Where(size => size > 0).Distinct().ToArray();
        host.CheckUserArg(sizes.Length > 0, nameof(TextLoader.Column.Source), "Can't determine the number of source columns without valid data");
        host.CheckUserArg(sizes.Length == 1, nameof(TextLoader.Column.Source), "The size of input lines is not consistent");
        return _inputSize = sizes[0];
    }

    /// <summary>Replaces the range of the remaining fields by the gaps that the other ranges leave in it.</summary>
    private void ReplaceAllOther(TextLoader.Column[] columns, TextSegment[][] segments)
    {
        var others = columns.SelectMany((column, c) => column.Source.Select((range, s) => (range, c, s))).Where(item => item.range.AllOther).ToArray();
        if (others.Length == 0)
            return;
        host.CheckUserArg(others.Length == 1, nameof(TextLoader.Range.AllOther), "At most one all other range can be specified");
        var (_, column, index) = others[0];
        var other = segments[column][index];
        var gaps = new List<TextSegment>();
        int min = other.Min;
        var taken = segments.SelectMany((list, c) => list.Where((_, s) => (c, s) != (column, index)));
        foreach (var segment in taken.OrderBy(segment => segment.Min).TakeWhile(segment => segment.Min < other.Limit))
        {
            if (min < segment.Min)
                gaps.Add(new(min, segment.Min, true));
            min = Math.Max(min, segment.Limit);
        }
        if (min < other.Limit)
            gaps.Add(new(min, other.Limit, true));
        host.CheckUserArg(gaps.Count > 0, nameof(TextLoader.Range.AllOther), "No index is selected as all other indexes.");
        segments[column] = [.. segments[column][..index], .. gaps, .. segments[column][(index + 1)..]];
    }
}
