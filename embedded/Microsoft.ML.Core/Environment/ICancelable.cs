namespace Microsoft.ML.Runtime;

/// <summary>An environment whose work can be cancelled, that of its hosts included.</summary>
internal interface ICancelable
{
    bool IsCanceled { get; }

    void CancelExecution();
}
