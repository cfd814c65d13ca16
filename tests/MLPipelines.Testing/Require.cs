using System.Diagnostics.CodeAnalysis;

namespace MLPipelines.Testing;

/// <summary>The assertions of the contracts.</summary>
static class Require
{
    [DoesNotReturn]
    public static void Fail(string message) => throw new ContractViolationException(message);

    public static void That([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds) Fail(message);
    }

    public static void Equal<T>(T expected, T actual, string message)
        => That(EqualityComparer<T>.Default.Equals(expected, actual), $"{message}: [{expected}] became [{actual}]");

    /// <summary>The action has to throw one of two exceptions that ML.NET users catch, with a message that names the column.</summary>
    public static void ThrowsNaming(string column, Action action, string where)
    {
        var exception = Caught(action);
        That(exception is not null, $"{where}: accepted a schema without a usable '{column}'");
        That(exception is ArgumentException or InvalidOperationException, $"{where}: expected an ArgumentException or InvalidOperationException, got {Show(exception)}");
        That(exception.Message.Contains($"'{column}'", StringComparison.Ordinal), $"{where}: the message does not name column '{column}': {Show(exception)}");
    }

    public static void Throws<T>(Action action, string otherwise)
        where T : Exception
    {
        var exception = Caught(action);
        That(exception is T, exception is null ? otherwise : $"{otherwise}: expected {typeof(T).Name}, got {Show(exception)}");
    }

    public static void DoesNotThrow(Action action, string otherwise)
    {
        var exception = Caught(action);
        That(exception is null, $"{otherwise}: {(exception is null ? "" : Show(exception))}");
    }

    static Exception? Caught(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    static string Show(Exception exception) => $"{exception.GetType().Name}: {exception.Message}";
}
