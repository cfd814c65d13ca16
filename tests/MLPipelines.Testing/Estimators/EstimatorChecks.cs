using Microsoft.ML;
using MLPipelines.Components;
using TorchSharp;

namespace MLPipelines.Testing;

/// <summary>The checks of the estimator contract. Each is independent of the others and makes its own context, data and estimator.</summary>
static partial class EstimatorChecks
{
    const int Seed = 7;

    /// <summary>The checks that apply to a case, in the order in which they are worth reading.</summary>
    public static IEnumerable<ContractCheck<ContractCase>> For(ContractCase @case)
    {
        yield return new(PromisedSchemaEqualsActual);
        yield return new(MissingColumnIsNamed);
        yield return new(WrongTypeIsNamed);
        yield return new(TransformIsLazy);
        yield return new(UnneededColumnsAreNotRead);
        yield return new(CursorIsRepeatable);
        yield return new(CursorDisposeReachesSource);
        yield return new(CursorSetCoversAllRows);
        yield return new(RowByRowEqualsCursor);
        yield return new(EmptyInputGivesEmptyOutput);
        yield return new(ScoringIsThreadSafe);
        if (@case.IsRowIndependent) yield return new(RowsDoNotSeeTheirNeighbours);
        if (@case.IsDeterministic) yield return new(FitIsDeterministic);
        if (@case.Options is not null) yield return new(FitLeavesOptionsAlone);
        yield return new(SecondFitIsIndependent);
        if (@case.SupportsCancellation) yield return new(FitHonoursCancellation);
        yield return new(RoundTripGivesSameOutput);
        yield return new(DisposeIsFinalAndIdempotent);
        if (!@case.UsesTorch) yield break;
        yield return new(GlobalStateIsUntouched);
        yield return new(ScoringFreesNativeMemory);
        yield return new(FitFreesNativeMemory);
        if (@case.CreateOnDevice is not null && torch.cuda.is_available()) yield return new(GpuGivesSameAnswerAsCpu);
    }

    static MLContext Context() => new(Seed);

    /// <summary>Disposes what Fit returned, where it can be disposed.</summary>
    sealed class Fitted(ITransformer transformer) : IDisposable
    {
        public Fitted(ContractCase @case, MLContext ml, IDataView data)
            : this(@case.Create(ml, default).Fit(data))
        {
        }

        public ITransformer Transformer => transformer;

        public IReadOnlyList<object?[]> Score(IDataView data) => ViewRows.Read(transformer.Transform(data));

        public void Dispose() => (transformer as IDisposable)?.Dispose();
    }

    public static void ScoringIsThreadSafe(ContractCase @case)
    {
        const int Threads = 8;
        const int Repetitions = 8;
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        var expected = fitted.Score(data);
        Concurrently.Run(Threads, () =>
        {
            for (var i = 0; i < Repetitions; i++)
                ViewRows.RequireEqual(expected, fitted.Score(data), @case.Tolerance, "concurrent scoring differs from serial scoring");
        });
    }

    public static void RowsDoNotSeeTheirNeighbours(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        var together = fitted.Score(data);
        for (var row = 0; row < together.Count; row++)
        {
            ViewRows.RequireEqual([together[row]], fitted.Score(new SpyView(data) { OnlyRow = row }), @case.Tolerance,
                $"row {row} scored alone differs from row {row} scored in company (padding, batch or buffer leak)");
        }
    }

    public static void FitIsDeterministic(ContractCase @case)
    {
        ViewRows.RequireEqual(Run(), Run(), tolerance: 0, "same seed, same data, different model");

        IReadOnlyList<object?[]> Run()
        {
            var ml = Context();
            var data = @case.Data(ml);
            using var fitted = new Fitted(@case, ml, data);
            return fitted.Score(data);
        }
    }

    public static void FitLeavesOptionsAlone(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        var estimator = @case.Create(ml, default);
        var options = @case.Options!();
        var before = OptionsJson.Write(options).ToJsonString();
        using var fitted = new Fitted(estimator.Fit(data));
        Require.Equal(before, OptionsJson.Write(options).ToJsonString(), "Fit wrote to its options");
    }

    public static void SecondFitIsIndependent(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        var estimator = @case.Create(ml, default);
        var first = new Fitted(estimator.Fit(data));
        var before = first.Score(data);
        using var second = new Fitted(estimator.Fit(ml.Data.SkipRows(data, 1)));
        ViewRows.RequireEqual(before, first.Score(data), tolerance: 0, "a second Fit changed what the first one had returned");
        var other = second.Score(data);
        first.Dispose();
        ViewRows.RequireEqual(other, second.Score(data), tolerance: 0, "disposing the first result changed the second");
    }

    public static void FitHonoursCancellation(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var already = new CancellationTokenSource();
        already.Cancel();
        Require.Throws<OperationCanceledException>(() => @case.Create(ml, already.Token).Fit(data), "Fit ran although its token was cancelled before");

        using var midway = new CancellationTokenSource();
        var spy = new SpyView(data) { OnRow = rows => { if (rows == 2) midway.Cancel(); } };
        Require.Throws<OperationCanceledException>(() => @case.Create(ml, midway.Token).Fit(spy), "Fit went on although its token was cancelled after two rows");
        Require.Equal(spy.CursorsOpened, spy.CursorsDisposed, "a cancelled Fit left a source cursor open");
    }

    public static void DisposeIsFinalAndIdempotent(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        var transformer = @case.Create(ml, default).Fit(data);
        if (transformer is not IDisposable disposable) return;
        var view = transformer.Transform(data);
        disposable.Dispose();
        disposable.Dispose();
        Require.Throws<ObjectDisposedException>(() => ViewRows.Read(transformer.Transform(data)), "a disposed transformer still scores");
        Require.Throws<ObjectDisposedException>(() => ViewRows.Read(view), "a view made before the transformer was disposed still scores");
    }
}
