using Microsoft.ML;

namespace MLPipelines.Testing;

static partial class EstimatorChecks
{
    public static void GlobalStateIsUntouched(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        var before = TorchState.Capture();
        using var fitted = new Fitted(@case, ml, data);
        before.RequireUnchanged("Fit");
        fitted.Score(data);
        before.RequireUnchanged("scoring");
    }

    public static void ScoringFreesNativeMemory(ContractCase @case)
    {
        const int Threads = 4;
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        fitted.Score(data);
        NativeMemory.RequireNoLeak("scoring", 20, () => fitted.Score(data));
        NativeMemory.RequireNoLeak($"scoring on {Threads} threads", 2, () => Concurrently.Run(Threads, () => fitted.Score(data)));
        NativeMemory.RequireNoLeak("a cursor left half way", 4, () =>
        {
            var view = fitted.Transformer.Transform(data);
            using var cursor = view.GetRowCursor(view.Schema);
            var getter = ViewRows.Getter(cursor, view.Schema[^1]);
            cursor.MoveNext();
            getter();
        });
    }

    public static void FitFreesNativeMemory(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        Fit(data, default);
        NativeMemory.RequireNoLeak("Fit and dispose", 2, () => Fit(data, default));
        NativeMemory.RequireNoLeak("a Fit that throws", 2, () => Try(new SpyView(data) { OnRow = rows => { if (rows == 2) throw new IOException("test"); } }, default));
        if (!@case.SupportsCancellation) return;
        NativeMemory.RequireNoLeak("a cancelled Fit", 2, () =>
        {
            using var source = new CancellationTokenSource();
            Try(new SpyView(data) { OnRow = rows => { if (rows == 2) source.Cancel(); } }, source.Token);
        });

        void Fit(IDataView view, CancellationToken token) => new Fitted(@case.Create(ml, token).Fit(view)).Dispose();

        void Try(IDataView view, CancellationToken token)
        {
            try
            {
                Fit(view, token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
            }
        }
    }

    public static void GpuGivesSameAnswerAsCpu(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        ViewRows.RequireEqual(Score("cpu"), Score("cuda:0"), @case.GpuTolerance, "the GPU gives another answer than the CPU");

        IReadOnlyList<object?[]> Score(string device)
        {
            using var fitted = new Fitted(@case.CreateOnDevice!(Context(), device).Fit(data));
            return fitted.Score(data);
        }
    }
}
