namespace Microsoft.ML.Data;

/// <summary>The schema of columns read from text, with the header's names as the names of slots.</summary>
internal static class TextSchema
{
    public static DataViewSchema Create(TextFormat format, TextColumn[] columns, string header)
    {
        var fields = new TextFields(format);
        if (!string.IsNullOrEmpty(header))
            fields.Split(header);
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, Annotations(column, fields));
        return builder.ToSchema();
    }

    /// <summary>Names are few even where a column has many slots: the size of a range is only what a model file says.</summary>
    private static DataViewSchema.Annotations Annotations(TextColumn column, TextFields names)
    {
        if (column.Type is not VectorDataViewType { Size: > 0 } type)
            return null;
        var slots = new List<int>();
        var texts = new List<ReadOnlyMemory<char>>();
        int start = 0;
        foreach (var segment in column.Segments)
        {
            for (int item = names.Find(segment.Min); item < names.Items.Count && names.Items[item].Index < segment.Limit; item++)
            {
                slots.Add(start + names.Items[item].Index - segment.Min);
                texts.Add(names.Items[item].Text.Trim());
            }
            start += segment.Limit - segment.Min;
        }
        if (slots.Count == 0)
            return null;
        var annotations = new DataViewSchema.Annotations.Builder();
        var namesType = AnnotationUtils.GetNamesType(type.Size);
        annotations.Add(AnnotationUtils.Kinds.SlotNames, namesType, ConstantGetter.Create(Names(type.Size, slots, texts), namesType));
        return annotations.ToAnnotations();
    }

    private static VBuffer<ReadOnlyMemory<char>> Names(int size, List<int> slots, List<ReadOnlyMemory<char>> texts)
    {
        if (slots.Count <= size / 2)
            return new(size, slots.Count, [.. texts], [.. slots]);
        var all = new ReadOnlyMemory<char>[size];
        for (int i = 0; i < slots.Count; i++)
            all[slots[i]] = texts[i];
        return new(size, all);
    }
}
