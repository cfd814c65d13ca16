using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>One message of a component, as <see cref="MLContext.Log"/> reports it.</summary>
public class LoggingEventArgs : EventArgs
{
    public LoggingEventArgs(string message) => Message = message;

    public LoggingEventArgs(string message, ChannelMessageKind kind, string source)
    {
        RawMessage = message;
        Kind = kind;
        Source = source;
        Message = $"[Source={Source}, Kind={Kind}] {RawMessage}";
    }

    public string Source { get; }

    public ChannelMessageKind Kind { get; }

    /// <summary>The message with its source and kind in front.</summary>
    public string Message { get; }

    public string RawMessage { get; }
}
