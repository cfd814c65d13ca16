namespace Microsoft.ML;

/// <summary>A row that moves forward through a view.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    /// <summary>Moves to the next row; false where there is none.</summary>
    public abstract bool MoveNext();
}
