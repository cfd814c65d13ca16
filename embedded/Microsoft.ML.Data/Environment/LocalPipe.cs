using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Sends messages of one type to the listeners of an environment.</summary>
internal class LocalPipe<TMessage>(LocalEnvironment root, HostEnvironment parent, string name) : IPipe<TMessage>, IMessageSource
{
    public string ShortName => name;

    public string FullName { get; } = parent.FullName is null ? name : $"{parent.FullName}; {name}";

    public bool Verbose => false;

    public string ContextDescription => FullName;

    public void Send(TMessage msg) => root.Dispatch(this, msg);

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        ex = parent.Process(ex);
        if (ex is not null)
            ex.Data["Phase"] = name;
        return ex;
    }

    public virtual void Dispose()
    {
    }
}
