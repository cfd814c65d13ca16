namespace Microsoft.ML.Data;

/// <summary>The schema of columns read from text, with the header's names as the names of slots.</summary>
internal static class TextSchema
{
    public static DataViewSchema Create(TextFormat format, TextColumn[] columns, string header)
    {
        var fields = new TextFields(format);
        if (!string.IsNullOrEmpty(header))
            fields.Split(header);
        var names = fields.Items.ToDictionary(item => item.Index, item => item.Text.Trim());
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, Annotations(column, names));
        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations Annotations(TextColumn column, Dictionary<int, ReadOnlyMemory<char>> names)
    {
        if (column.Type is not VectorDataViewType { Size: > 0 } type)
            return null;
        var slots = column.Segments.SelectMany(segment => Enumerable.Range(segment.Min, segment.Limit - segment.Min)).ToArray();
        if (!slots.Any(names.ContainsKey))
            return null;
        var annotations = new DataViewSchema.Annotations.Builder();
        var namesType = AnnotationUtils.GetNamesType(type.Size);
        annotations.Add(AnnotationUtils.Kinds.SlotNames, namesType, ConstantGetter.Create(Array.ConvertAll(slots, names.GetValueOrDefault), namesType));
        return annotations.ToAnnotations();
    }
}
