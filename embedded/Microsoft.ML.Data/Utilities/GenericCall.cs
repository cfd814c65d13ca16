using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method for a type known only at run time; an exception of the method arrives unwrapped.</summary>
internal static class GenericCall
{
    /// <param name="example">The method, closed over any type that satisfies its constraints.</param>
    /// <param name="type">The type to close it over instead.</param>
    /// <param name="args">The arguments of the call.</param>
    public static TResult Invoke<TResult>(Delegate example, Type type, params object[] args)
        => (TResult)example.Method.GetGenericMethodDefinition().MakeGenericMethod(type)
            .Invoke(example.Target, BindingFlags.DoNotWrapExceptions, null, args, null);

    public static TResult Invoke<TResult>(Delegate example, Type first, Type second, params object[] args)
        => (TResult)example.Method.GetGenericMethodDefinition().MakeGenericMethod(first, second)
            .Invoke(example.Target, BindingFlags.DoNotWrapExceptions, null, args, null);
}
