namespace Microsoft.ML.Runtime;

/// <summary>Something that can note on an exception where it comes from.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex)
        where TException : Exception;
}
