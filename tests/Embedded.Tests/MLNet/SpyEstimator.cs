using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

/// <summary>Does nothing, and keeps what it is given. Disposable, to see who disposes it.</summary>
internal sealed class SpyEstimator : IEstimator<SpyEstimator.Transformer>
{
    public SchemaShape? Shape { get; private set; }

    public IDataView? FittedTo { get; private set; }

    public Transformer Fit(IDataView input)
    {
        FittedTo = input;
        return new();
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;

    public sealed class Transformer : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public int Transforms { get; private set; }

        public bool IsRowToRowMapper => false;

        public void Dispose() => Disposals++;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException("The spy maps no rows.");

        public IDataView Transform(IDataView input)
        {
            Transforms++;
            return input;
        }

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException("The spy cannot be saved.");
    }
}
