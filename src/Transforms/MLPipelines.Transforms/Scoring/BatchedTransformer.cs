using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Persistence;

namespace MLPipelines.Scoring;

/// <summary>An ML.NET transformer that scores rows in batches.</summary>
/// <remarks>
/// <see cref="Transform"/> reads nothing; a cursor over its result reads up to <see cref="LookAhead"/> rows ahead, has them scored together and hands them out
/// in their order, other columns included. Only columns that are asked for are read, and nothing is scored when no produced column is. Prediction engines
/// score one row at a time with the same result (within 1e-5). Any number of threads may score at once. The scorer is owned: disposing the transformer frees it,
/// and scoring afterwards throws <see cref="ObjectDisposedException"/>. Do not dispose while another thread scores.
/// </remarks>
/// <typeparam name="TRow">The scorer's row.</typeparam>
/// <param name="scorer">The scorer; owned from now on.</param>
public sealed class BatchedTransformer<TRow>(IBatchScorer<TRow> scorer) : ITransformer, IPackable, IDisposable
    where TRow : class
{
    volatile bool _isDisposed;

    /// <summary>How many rows a cursor reads ahead, at most.</summary>
    public int LookAhead => Scorer.LookAhead;

    /// <summary>The scorer.</summary>
    /// <exception cref="ObjectDisposedException">The transformer has been disposed.</exception>
    public IBatchScorer<TRow> Scorer => _isDisposed ? throw Failures.Disposed(this) : scorer;

    /// <summary>True: rows are independent of each other.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Scorer.Contract.GetOutputSchema(inputSchema);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BatchedDataView<TRow>(this, input);
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new BatchedRowMapper<TRow>(this, inputSchema);

    /// <inheritdoc/>
    public ModelPackage Pack() => Scorer.Pack();

    /// <inheritdoc/>
    public PackageDescription Describe() => Scorer.Describe();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        scorer.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => LoadablePackage.Save(ctx, Pack());

    /// <summary>Scores in inference mode and frees every tensor made on the way; both belong to the calling thread.</summary>
    internal void Score(IReadOnlyList<TRow> rows)
    {
        using var inference = TorchSharp.torch.inference_mode();
        using var scope = TorchSharp.torch.NewDisposeScope();
        Scorer.Score(rows);
    }
}
