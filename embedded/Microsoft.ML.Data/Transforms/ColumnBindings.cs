namespace Microsoft.ML.Data;

/// <summary>
/// A schema with columns added. A new name goes to the end; a name already there goes right behind its last holder, which it hides.
/// </summary>
internal sealed class ColumnBindings
{
    // Per output column: the input column, or ~i for added column i.
    private readonly int[] _map;

    public ColumnBindings(DataViewSchema input, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        InputSchema = input;
        var map = new List<int>(Enumerable.Range(0, input.Count));
        for (int i = 0; i < added.Count; i++)
        {
            int holder = map.FindLastIndex(source => NameOf(source) == added[i].Name);
            map.Insert(holder < 0 ? map.Count : holder + 1, ~i);
        }
        _map = [.. map];

        var builder = new DataViewSchema.Builder();
        foreach (int source in _map)
        {
            var column = source >= 0 ? new DataViewSchema.DetachedColumn(input[source]) : added[~source];
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }
        Schema = builder.ToSchema();

        string NameOf(int source) => source >= 0 ? input[source].Name : added[~source].Name;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    public int Count => _map.Length;

    /// <summary>The input column shown as output column <paramref name="column"/>, or false and the number of the added column.</summary>
    public bool IsInput(int column, out int index)
    {
        index = _map[column] >= 0 ? _map[column] : ~_map[column];
        return _map[column] >= 0;
    }
}
