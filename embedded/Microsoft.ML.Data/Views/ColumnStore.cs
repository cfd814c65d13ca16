namespace Microsoft.ML.Data;

/// <summary>Copies of the values of one column, by slot.</summary>
internal abstract class ColumnStore
{
    public static ColumnStore Create(DataViewType type) => GenericCall.Invoke<ColumnStore>(New<int>, type.RawType);

    private static ColumnStore<T> New<T>() => new ColumnStore<T>();

    /// <summary>Makes the action that copies the current value of a row into a slot, at most one behind the last.</summary>
    public abstract Action<int> MakeWriter(DataViewRow row, DataViewSchema.Column column);

    public abstract Delegate MakeGetter(Func<int> slot);

    /// <summary>Drops spare room.</summary>
    public abstract void Trim();
}

internal sealed class ColumnStore<T> : ColumnStore
{
    private readonly List<T> _values = [];

    public override Action<int> MakeWriter(DataViewRow row, DataViewSchema.Column column) => MakeWriter(row.GetGetter<T>(column));

    public Action<int> MakeWriter(ValueGetter<T> get) => slot =>
    {
        // A vector's getter fills the buffer that it is given, so the value is moved out and in again.
        T value = slot < _values.Count ? _values[slot] : default;
        get(ref value);
        if (slot < _values.Count)
            _values[slot] = value;
        else
            _values.Add(value);
    };

    public override Delegate MakeGetter(Func<int> slot) => ValueCopy.IsVector<T>()
        ? (ValueGetter<T>)((ref T dst) => ValueCopy.Copy(_values[slot()], ref dst))
        : (ValueGetter<T>)((ref T dst) => dst = _values[slot()]);

    public override void Trim() => _values.TrimExcess();
}
