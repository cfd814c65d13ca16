using Microsoft.ML;
using MLPipelines.Persistence;
using MLPipelines.Schema;

namespace MLPipelines.Scoring;

/// <summary>What a component that scores in batches implements; <see cref="BatchedTransformer{TRow}"/> makes an ML.NET transformer of it.</summary>
/// <remarks>
/// Every member is safe for concurrent use; nothing is called after disposal. A row's result never depends on its neighbours in the batch by more than 1e-5.
/// </remarks>
/// <typeparam name="TRow">One row on its way: what is read from the input and, after scoring, the result.</typeparam>
public interface IBatchScorer<TRow> : IPackable, IDisposable
    where TRow : class
{
    /// <summary>The columns needed and produced.</summary>
    SchemaContract Contract { get; }

    /// <summary>How many rows may be read ahead, so that rows of similar length can share a batch.</summary>
    int LookAhead { get; }

    /// <summary>Makes a function that reads the row on which the input stands, with everything that scoring needs: later the input has moved on.</summary>
    /// <param name="input">A row whose schema satisfies the contract, with the required columns active.</param>
    Func<TRow> CreateReader(DataViewRow input);

    /// <summary>Scores rows and puts each result into its row. Called in inference mode and inside a dispose scope, on the caller's thread.</summary>
    /// <param name="rows">Up to <see cref="LookAhead"/> rows; the scorer forms the batches.</param>
    void Score(IReadOnlyList<TRow> rows);

    /// <summary>Makes the getter of a produced column.</summary>
    /// <param name="column">The name of a produced column.</param>
    /// <param name="current">Gives the scored row.</param>
    /// <returns>A <see cref="ValueGetter{TValue}"/> of the column's type.</returns>
    Delegate CreateGetter(string column, Func<TRow> current);
}
