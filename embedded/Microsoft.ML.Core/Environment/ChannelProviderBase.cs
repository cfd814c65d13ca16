namespace Microsoft.ML.Runtime;

/// <summary>A node of the tree of environments, hosts and channels. Its name says where messages and exceptions come from.</summary>
internal abstract class ChannelProviderBase : IExceptionContext
{
    protected ChannelProviderBase(string shortName, string parentFullName, bool verbose)
    {
        ShortName = string.IsNullOrEmpty(shortName) ? null : shortName;
        ParentFullName = string.IsNullOrEmpty(parentFullName) ? null : parentFullName;
        Verbose = verbose;
    }

    public string ShortName { get; }

    public string ParentFullName { get; }

    public string FullName => ParentFullName is null ? ShortName : $"{ParentFullName}; {ShortName}";

    public bool Verbose { get; }

    public abstract int Depth { get; }

    public virtual string ContextDescription => FullName;

    public virtual TException Process<TException>(TException ex)
        where TException : Exception =>
        Describe(ex, ShortName, ParentFullName);

    protected static TException Describe<TException>(TException ex, string component, string parent)
        where TException : Exception
    {
        if (ex is not null)
        {
            ex.Data["Throwing component"] = component;
            ex.Data["Parent component"] = parent;
            Contracts.Mark(ex);
        }
        return ex;
    }
}
