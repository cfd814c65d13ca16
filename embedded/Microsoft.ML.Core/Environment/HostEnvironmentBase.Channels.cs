namespace Microsoft.ML.Runtime;

internal abstract partial class HostEnvironmentBase<TEnv>
{
    /// <summary>Sends messages of one type.</summary>
    protected abstract class PipeBase<TMessage>(ChannelProviderBase parent, string shortName, Action<IMessageSource, TMessage> dispatch)
        : ChannelProviderBase(shortName, parent.FullName, parent.Verbose), IPipe<TMessage>, IMessageSource
    {
        public readonly ChannelProviderBase Parent = parent;

        protected readonly Action<IMessageSource, TMessage> Dispatch = dispatch;

        private bool _disposed;

        public override int Depth { get; } = parent.Depth + 1;

        public void Send(TMessage msg) => Dispatch(this, msg);

        public void Dispose()
        {
            if (!_disposed)
            {
                _disposed = true;
                Dispose(true);
            }
        }

        public override TException Process<TException>(TException ex)
        {
            if (Describe(ex, Parent.ShortName, Parent.ParentFullName) is not null)
            {
                ex.Data["Phase"] = ShortName;
            }
            return ex;
        }

        protected virtual void Dispose(bool disposing)
        {
        }
    }

    /// <summary>Sends messages of one type.</summary>
    protected sealed class Pipe<TMessage>(ChannelProviderBase parent, string shortName, Action<IMessageSource, TMessage> dispatch)
        : PipeBase<TMessage>(parent, shortName, dispatch);

    /// <summary>Sends text messages.</summary>
    protected abstract class ChannelBase(TEnv root, ChannelProviderBase parent, string shortName, Action<IMessageSource, ChannelMessage> dispatch)
        : PipeBase<ChannelMessage>(parent, shortName, dispatch), IChannel
    {
        protected readonly TEnv Root = root;

        public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));

        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

        public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));

        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));

        public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

        public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));
    }
}
