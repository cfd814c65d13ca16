using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLPipelines.Interop;

/// <summary>The environment behind ML.NET's catalogs, for extension methods on them.</summary>
public static class CatalogEnvironment
{
    /// <summary>The environment of <c>mlContext.Transforms</c>.</summary>
    /// <param name="catalog">The catalog.</param>
    public static IHostEnvironment Of(TransformsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogUtils.GetEnvironment(catalog);
    }

    /// <summary>The environment of <c>mlContext.Transforms.Text</c>.</summary>
    /// <param name="catalog">The catalog.</param>
    public static IHostEnvironment Of(TransformsCatalog.TextTransforms catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogUtils.GetEnvironment(catalog);
    }

    /// <summary>The environment of <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
    /// <param name="catalog">The catalog.</param>
    public static IHostEnvironment Of(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogUtils.GetEnvironment(catalog);
    }
}
