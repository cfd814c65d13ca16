using Microsoft.ML;

namespace MLPipelines.Components;

public static partial class Errors
{
    /// <summary>MLP020: an input column is missing. The type is the one that ML.NET throws for schema errors.</summary>
    /// <param name="role">What the column is for, for example <c>text</c>.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="expectedType">The type that it should have.</param>
    /// <param name="present">The names of the columns that exist.</param>
    public static ArgumentOutOfRangeException ColumnMissing(string role, string name, string expectedType, IEnumerable<string> present)
        => new(paramName: null, Text("MLP020", $"could not find {role} column '{name}'", expected: $"a column of type {expectedType}",
            got: $"the columns {List(present)}", advice: "Name the column in the options, or add it with CopyColumns"));

    /// <summary>MLP021: an input column has the wrong type. The type is the one that ML.NET throws for schema errors.</summary>
    /// <param name="role">What the column is for, for example <c>text</c>.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="expectedType">The type that it should have.</param>
    /// <param name="actualType">The type that it has.</param>
    public static ArgumentOutOfRangeException ColumnType(string role, string name, string expectedType, string actualType)
        => new(paramName: null, Text("MLP021", $"schema mismatch for {role} column '{name}'", expected: expectedType, got: actualType,
            advice: "Convert the column, or name another one in the options"));

    /// <summary>MLP022: a component would produce two columns of the same name.</summary>
    /// <param name="name">The name.</param>
    public static ArgumentException ColumnProducedTwice(string name)
        => new(Text("MLP022", $"two output columns are named '{name}'", advice: "Give each output column its own name in the options"));

    /// <summary>MLP023: something is used before it can be. The type is the one that ML.NET throws for wrong states.</summary>
    /// <param name="what">What is wrong, one sentence without a full stop; it names the column in single quotes where there is one.</param>
    /// <param name="advice">What to do.</param>
    public static InvalidOperationException WrongState(string what, string? advice = null) => new(Text("MLP023", what, advice: advice));

    /// <summary>MLP024: a transformer cannot be used row by row.</summary>
    /// <param name="transformer">The transformer's class.</param>
    public static InvalidOperationException NotRowToRow(Type transformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return new(Text("MLP024", $"'{Name(transformer)}' does not map row by row", advice: $"Use {nameof(ITransformer.Transform)}"));
    }
}
