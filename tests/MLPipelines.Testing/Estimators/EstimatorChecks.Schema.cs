using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Interop;

namespace MLPipelines.Testing;

static partial class EstimatorChecks
{
    public static void PromisedSchemaEqualsActual(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        var estimator = @case.Create(ml, default);
        var promised = estimator.GetOutputSchema(SchemaShapes.Of(data.Schema)).ToDictionary(column => column.Name);
        using var fitted = new Fitted(estimator.Fit(data));
        var delivered = fitted.Transformer.Transform(data).Schema;
        Require.Equal(Describe(fitted.Transformer.GetOutputSchema(data.Schema)), Describe(delivered), "GetOutputSchema and Transform().Schema differ");
        foreach (var got in SchemaShapes.Of(delivered))
        {
            Require.That(promised.Remove(got.Name, out var want), $"column '{got.Name}' was delivered but never promised");
            Require.That(SchemaShapes.IsCompatible(got, want) && SchemaShapes.IsCompatible(want, got),
                $"column '{got.Name}': promised {SchemaShapes.Describe(want)}, delivered {SchemaShapes.Describe(got)}, or their annotations differ");
        }

        Require.That(promised.Count == 0, $"promised but not delivered: {string.Join(", ", promised.Keys)}");
    }

    public static void MissingColumnIsNamed(ContractCase @case) => BadColumnIsNamed(@case, ColumnView.Without, alsoRun: true);

    // Fit and Transform may have to read the column first, and a column that lies about its type cannot be read.
    public static void WrongTypeIsNamed(ContractCase @case) => BadColumnIsNamed(@case, (view, name) => ColumnView.Retyped(view, name, @case.WrongType), alsoRun: false);

    static void BadColumnIsNamed(ContractCase @case, Func<IDataView, string, IDataView> damage, bool alsoRun)
    {
        var ml = Context();
        var good = @case.Data(ml);
        var estimator = @case.Create(ml, default);
        using var fitted = new Fitted(@case.Create(ml, default).Fit(good));
        foreach (var column in @case.Required.Concat(@case.RequiredForFit))
        {
            var bad = damage(good, column);
            Require.ThrowsNaming(column, () => estimator.GetOutputSchema(SchemaShapes.Of(bad.Schema)), "the estimator's GetOutputSchema");
            if (alsoRun) Require.ThrowsNaming(column, () => estimator.Fit(bad), "Fit");
        }

        foreach (var column in @case.Required)
        {
            var bad = damage(good, column);
            Require.ThrowsNaming(column, () => fitted.Transformer.GetOutputSchema(bad.Schema), "the transformer's GetOutputSchema");
            if (alsoRun) Require.ThrowsNaming(column, () => fitted.Transformer.Transform(bad), "Transform");
        }

        foreach (var column in @case.RequiredForFit)
            Require.DoesNotThrow(() => fitted.Transformer.GetOutputSchema(damage(good, column).Schema), $"'{column}' is declared to be needed by Fit only, yet the transformer needs it");
    }

    static string Describe(DataViewSchema schema) => string.Join("; ", ViewRows.Visible(schema).Select(column => $"{column.Name}: {column.Type}"));
}
