using Microsoft.ML;

namespace MLPipelines;

/// <summary>The catalogs that MLPipelines adds to <see cref="MLContext"/>.</summary>
public static class MLContextExtensions
{
    /// <summary>The catalog of span extraction, such as named entity recognition and slot filling.</summary>
    /// <param name="context">The context.</param>
    /// <returns>The catalog.</returns>
    public static SpanExtractionCatalog SpanExtraction(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SpanExtractionCatalog(context);
    }

    /// <summary>The catalog of multi-label classification: any number of labels for a text, certain or with probabilities.</summary>
    /// <param name="context">The context.</param>
    /// <returns>The catalog.</returns>
    public static MultiLabelCatalog MultiLabel(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new MultiLabelCatalog(context);
    }
}
