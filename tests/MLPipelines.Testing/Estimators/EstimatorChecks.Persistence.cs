using Microsoft.ML;
using MLPipelines.Persistence;

namespace MLPipelines.Testing;

static partial class EstimatorChecks
{
    /// <summary>ML.NET's model file through a stream and through a path, in a fresh context; and the package by itself.</summary>
    public static void RoundTripGivesSameOutput(ContractCase @case)
    {
        var ml = Context();
        var data = @case.Data(ml);
        using var fitted = new Fitted(@case, ml, data);
        var expected = fitted.Score(data);
        using var stream = new MemoryStream();
        ml.Model.Save(fitted.Transformer, data.Schema, stream);
        stream.Position = 0;
        Same(new MLContext().Model.Load(stream, out var schema), "a stream");
        Require.Equal(Describe(data.Schema), Describe(schema), "save and load changed the input schema");

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ml.Model.Save(fitted.Transformer, data.Schema, path);
            Same(new MLContext().Model.Load(path, out _), "a path");
            if (fitted.Transformer is not IPackable packable) return;
            packable.Pack().Save(path);
            Same(LoadablePackage.Load(new MLContext(), ModelPackage.Load(path)), "a package");
        }
        finally
        {
            File.Delete(path);
        }

        void Same(ITransformer loaded, string way)
        {
            using var again = new Fitted(loaded);
            Require.Equal(Describe(fitted.Transformer.GetOutputSchema(data.Schema)), Describe(loaded.GetOutputSchema(data.Schema)), $"save and load by {way} changed the schema");
            ViewRows.RequireEqual(expected, again.Score(data), tolerance: 0, $"save and load by {way} changed the output");
        }
    }
}
