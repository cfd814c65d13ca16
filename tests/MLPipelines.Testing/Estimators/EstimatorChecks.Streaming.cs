using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Testing;

static partial class EstimatorChecks
{
    public static void TransformIsLazy(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        var spy = new SpyView(data);
        var view = fitted.Transformer.Transform(spy);
        var last = view.Schema[^1];
        Require.That(spy.CursorsOpened == 0, "Transform opened a cursor; it has to be lazy");

        using var cursor = view.GetRowCursor([last]);
        var getter = ViewRows.Getter(cursor, last);
        Require.That(cursor.MoveNext(), "there are no rows");
        getter();
        Require.That(spy.RowsRead <= 1 + (long)@case.MaximumLookahead, $"one output row pulled {spy.RowsRead} source rows (declared look-ahead: {@case.MaximumLookahead})");
    }

    public static void UnneededColumnsAreNotRead(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        var spy = new SpyView(data);
        var view = fitted.Transformer.Transform(spy);
        var passed = ViewRows.Visible(view.Schema).Where(column => data.Schema.GetColumnOrNull(column.Name) is not null && !@case.Required.Contains(column.Name)).ToList();
        Require.That(passed.Count > 0, "the contract case needs a column that the component does not read; add one to its data");
        using (var cursor = view.GetRowCursor([passed[0]])) cursor.MoveNext();
        var waste = spy.ColumnsAsked.Intersect(@case.Required).ToList();
        Require.That(waste.Count == 0, $"only '{passed[0].Name}' was asked for, yet the source was asked for {string.Join(", ", waste)}");
    }

    public static void CursorIsRepeatable(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        var view = fitted.Transformer.Transform(data);
        var rows = ViewRows.Read(view);
        Require.That(rows.Count > 0, "the contract case has no rows");
        ViewRows.RequireEqual(rows, ViewRows.Read(view), tolerance: 0, "two cursors over one view disagree");
    }

    public static void CursorDisposeReachesSource(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        var spy = new SpyView(data);
        var view = fitted.Transformer.Transform(spy);
        using (var cursor = view.GetRowCursor(view.Schema)) cursor.MoveNext();
        Require.That(spy.CursorsOpened > 0, "the source was never opened");
        Require.Equal(spy.CursorsOpened, spy.CursorsDisposed, "a source cursor stayed open after the output cursor was disposed");

        var fitSpy = new SpyView(data);
        using var again = new Fitted(@case, ml, fitSpy);
        Require.Equal(fitSpy.CursorsOpened, fitSpy.CursorsDisposed, "Fit left a source cursor open");
    }

    public static void CursorSetCoversAllRows(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        var view = fitted.Transformer.Transform(data);
        var columns = ViewRows.Visible(view.Schema);
        var expected = ViewRows.Read(view);
        var rows = new List<object?[]>();
        foreach (var cursor in view.GetRowCursorSet(columns, n: 3))
            using (cursor) rows.AddRange(ViewRows.ReadAll(cursor, columns));

        Require.Equal(expected.Count, rows.Count, "a cursor set gives another number of rows than one cursor");
        var unmatched = expected.ToList();
        foreach (var values in rows)
        {
            var match = unmatched.FindIndex(candidate => Matches(candidate, values));
            Require.That(match >= 0, "a row of a cursor set is not a row of the single cursor, or comes twice");
            unmatched.RemoveAt(match);
        }

        bool Matches(object?[] a, object?[] b)
        {
            try
            {
                ViewRows.RequireEqual([a], [b], @case.Tolerance, "");
                return true;
            }
            catch (ContractViolationException)
            {
                return false;
            }
        }
    }

    public static void RowByRowEqualsCursor(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        if (!fitted.Transformer.IsRowToRowMapper)
        {
            Require.Throws<InvalidOperationException>(() => fitted.Transformer.GetRowToRowMapper(data.Schema), "IsRowToRowMapper is false, yet there is a mapper");
            return;
        }

        var mapper = fitted.Transformer.GetRowToRowMapper(data.Schema);
        Require.Equal(Describe(fitted.Transformer.GetOutputSchema(data.Schema)), Describe(mapper.OutputSchema), "the row mapper has another schema than the view");
        var columns = ViewRows.Visible(mapper.OutputSchema);
        var dependencies = mapper.GetDependencies(columns).ToList();
        using var cursor = data.GetRowCursor(dependencies);
        using var row = mapper.GetRow(cursor, columns);
        var getters = columns.Select(column => ViewRows.Getter(row, column)).ToList();
        var rows = new List<object?[]>();
        while (cursor.MoveNext()) rows.Add([.. getters.Select(getter => getter())]);
        ViewRows.RequireEqual(fitted.Score(data), rows, @case.Tolerance, "row by row (as a PredictionEngine does) differs from a cursor");
    }

    public static void EmptyInputGivesEmptyOutput(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        IReadOnlyList<object?[]> rows = [];
        Require.DoesNotThrow(() => rows = fitted.Score(new SpyView(data) { Empty = true }), "scoring no rows failed");
        Require.Equal(0, rows.Count, "rows came out of nothing");
    }
}
