namespace MLPipelines.Host.Tests;

/// <summary>Standard error of a run that is stopped, as by Ctrl-C, when its first epoch is done.</summary>
internal sealed class StopAfterFirstEpoch(CancellationTokenSource stop) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value!.Contains(" done", StringComparison.Ordinal))
        {
            stop.Cancel();
        }
    }
}
