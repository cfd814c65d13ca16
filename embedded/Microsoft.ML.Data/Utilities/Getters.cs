using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Typed access to a row's getters, with the messages that every row gives.</summary>
internal static class Getters
{
    public const string NotOnRow = "Values cannot be fetched at this time. This method was called either before the first call to "
        + "MoveNext, or at any point after that method returned false.";

    /// <summary>The getter of a column from a list indexed by column, where inactive columns have none.</summary>
    public static ValueGetter<TValue> Pick<TValue>(IExceptionContext ectx, Delegate[] getters, DataViewSchema.Column column)
    {
        ectx.CheckParam(column.Index < getters.Length && getters[column.Index] is not null, nameof(column), "requested column not active");
        return As<TValue>(ectx, getters[column.Index], column);
    }

    public static ValueGetter<TValue> As<TValue>(IExceptionContext ectx, Delegate getter, DataViewSchema.Column column)
        => getter as ValueGetter<TValue> ?? throw ectx.Except($"Invalid TValue in GetGetter for column #{column}: '{typeof(TValue)}', " +
            $"expected type: '{getter.GetType().GetGenericArguments()[0]}'.");

    /// <summary>The getter of a column whose type is known only at run time.</summary>
    public static Delegate Of(DataViewRow row, DataViewSchema.Column column)
        => GenericCall.Invoke<Delegate>(Typed<int>, column.Type.RawType, row, column);

    private static ValueGetter<T> Typed<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);
}
