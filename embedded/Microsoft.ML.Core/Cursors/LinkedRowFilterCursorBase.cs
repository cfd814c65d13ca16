using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over some of the input's rows.</summary>
internal abstract class LinkedRowFilterCursorBase(IChannelProvider provider, DataViewRowCursor input, DataViewSchema schema, bool[] active)
    : LinkedRowRootCursorBase(provider, input, schema, active)
{
    public override long Batch => Input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override bool MoveNextCore()
    {
        while (Root.MoveNext())
        {
            if (Accept())
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether the input's current row is one of this cursor.</summary>
    protected abstract bool Accept();
}
