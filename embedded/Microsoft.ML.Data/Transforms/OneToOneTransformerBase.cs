using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer each of whose columns is computed from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    private protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        host.CheckValue(columns, nameof(columns));
        var names = new HashSet<string>();
        foreach (var (output, input) in columns)
        {
            host.CheckNonEmpty(input, nameof(columns));
            host.CheckNonEmpty(output, nameof(columns));
            if (!names.Add(output))
                throw Contracts.ExceptParam(nameof(columns), $"Name of the result column '{output}' specified multiple times");
        }
        ColumnPairs = columns;
    }

    // Format: int32 number of pairs, then per pair the output and the input name.
    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        int count = ctx.Reader.ReadInt32();
        host.CheckDecode(count >= 0, "Negative number of columns");
        var pairs = new List<(string, string)>();
        for (int i = 0; i < count; i++)
            pairs.Add((ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString()));
        ColumnPairs = [.. pairs];
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    /// <summary>Knows the input column of each output, and that it is there.</summary>
    private protected abstract class OneToOneMapper : RowMapper
    {
        protected OneToOneMapper(OneToOneTransformerBase parent, DataViewSchema inputSchema)
            : base(parent.Host, inputSchema)
        {
            Pairs = parent.ColumnPairs;
            Inputs = Array.ConvertAll(Pairs, pair => inputSchema.GetColumnOrNull(pair.inputColumnName)
                ?? throw parent.Host.ExceptSchemaMismatch(nameof(inputSchema), "input", pair.inputColumnName));
        }

        protected (string outputColumnName, string inputColumnName)[] Pairs { get; }

        protected DataViewSchema.Column[] Inputs { get; }

        public sealed override IEnumerable<int> Dependencies(int output) => [Inputs[output].Index];
    }
}
