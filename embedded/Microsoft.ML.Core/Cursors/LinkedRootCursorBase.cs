using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor with positions of its own over another one, which it closes.</summary>
internal abstract class LinkedRootCursorBase : RootCursorBase
{
    private bool _disposed;

    protected LinkedRootCursorBase(IChannelProvider provider, DataViewRowCursor input)
        : base(provider)
    {
        Contracts.CheckValue(input, nameof(input));
        Input = input;
        Root = input is SynchronizedCursorBase synchronized ? synchronized.Root : input;
    }

    protected DataViewRowCursor Input { get; }

    /// <summary>The cursor to move: the innermost one that moves together with the input.</summary>
    protected DataViewRowCursor Root { get; }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed && disposing)
        {
            _disposed = true;
            Input.Dispose();
        }
        base.Dispose(disposing);
    }
}
