using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Scoring;

namespace Acme;

/// <summary>Makes text even: wide Latin letters, digits and signs become narrow ones, and white space becomes single spaces.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>in: InputColumn</term><description>text</description></item>
/// <item><term>out: OutputColumn</term><description>text</description></item>
/// </list>
/// There is nothing to learn from the rows: Fit only looks at the schema. Source: https://www.unicode.org/charts/PDF/UFF00.pdf.
/// </remarks>
[PipelineComponent(Id, Source = "https://www.unicode.org/charts/PDF/UFF00.pdf", Summary = "Wide letters to narrow ones, white space to single spaces")]
public sealed class AcmeTextEstimator : IEstimator<ITransformer>, IPackageLoader
{
    internal const string Id = "transform.acme-text.v1";

    readonly Options options;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">The columns; never changed.</param>
    /// <exception cref="ArgumentException">A column has no name.</exception>
    public AcmeTextEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        this.options = OptionsValidator.Validate(options, Id);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => AcmeTextScorer.ContractOf(options).GetOutputSchema(inputSchema);

    /// <inheritdoc/>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        AcmeTextScorer.ContractOf(options).Check(input.Schema);
        return new BatchedTransformer<AcmeTextRow>(new AcmeTextScorer(options));
    }

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return new BatchedTransformer<AcmeTextRow>(new AcmeTextScorer(OptionsJson.Read<Options>(package.Options, Id)));
    }

    /// <summary>The columns.</summary>
    public sealed record Options
    {
        /// <summary>The column with the text.</summary>
        /// <value>The default is <c>Text</c>.</value>
        [Required] public string InputColumn { get; init; } = "Text";

        /// <summary>The column that gets the even text.</summary>
        /// <value>The default is <c>EvenText</c>.</value>
        [Required] public string OutputColumn { get; init; } = "EvenText";
    }
}
