using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>A message; it is formatted only where somebody reads it.</summary>
public readonly struct ChannelMessage
{
    private readonly string _format;
    private readonly object[] _args;

    public readonly ChannelMessageKind Kind;
    public readonly MessageSensitivity Sensitivity;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string message)
    {
        Kind = kind;
        Sensitivity = sensitivity;
        _format = Contracts.CheckNonEmpty(message, nameof(message));
        _args = null;
    }

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string fmt, params object[] args)
        : this(kind, sensitivity, fmt) =>
        _args = Contracts.CheckNonEmpty(null, args, nameof(args));

    public string Message => _args is null ? _format : string.Format(CultureInfo.CurrentCulture, _format, _args);
}
