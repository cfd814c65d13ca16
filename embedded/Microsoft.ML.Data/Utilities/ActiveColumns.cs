namespace Microsoft.ML.Data;

/// <summary>Requested columns as one flag per column of the schema.</summary>
internal static class ActiveColumns
{
    public static bool[] Of(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded)
        {
            if (column.Index < active.Length)
                active[column.Index] = true;
        }
        return active;
    }

    public static IEnumerable<DataViewSchema.Column> Of(DataViewSchema schema, bool[] active) => schema.Where(column => active[column.Index]);
}
