namespace Microsoft.ML.Runtime;

/// <summary>A progress channel without listeners, as in every <c>MLContext</c>: it only checks what it is given.</summary>
internal sealed class ProgressChannel(IExceptionContext ectx) : IProgressChannel
{
    private ProgressHeader _header = new([]);
    private bool _disposed;

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
        ectx.CheckValue(header, nameof(header));
        _header = header;
    }

    public void Checkpoint(params double?[] values)
    {
        ectx.Check(!_disposed, "Can't report checkpoints after disposing");
        var most = _header.MetricNames.Count + (2 * _header.UnitNames.Count);
        ectx.Check((values?.Length ?? 0) <= most, "Too many values provided in Checkpoint");
    }

    public IProgressChannel StartProgressChannel(string name)
    {
        ectx.CheckNonEmpty(name, nameof(name));
        return new ProgressChannel(ectx);
    }

    public void Dispose() => _disposed = true;
}
