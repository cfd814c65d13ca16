using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Testing;

/// <summary>One estimator with small options and small data: everything that the estimator contract needs to know about it.</summary>
/// <param name="create">
/// Makes the estimator for a context and a cancellation token (pass the token on in the options). Called many times; must not share state.
/// </param>
/// <param name="data">Makes the training data, a dozen rows or so, which are the scoring data as well.</param>
/// <param name="required">The columns without which the fitted transformer cannot score.</param>
public sealed class ContractCase(
    Func<MLContext, CancellationToken, IEstimator<ITransformer>> create, Func<MLContext, IDataView> data, IReadOnlyList<string> required)
{
    /// <summary>Makes the estimator.</summary>
    public Func<MLContext, CancellationToken, IEstimator<ITransformer>> Create { get; } = create;

    /// <summary>Makes the data.</summary>
    public Func<MLContext, IDataView> Data { get; } = data;

    /// <summary>The columns without which the fitted transformer cannot score.</summary>
    public IReadOnlyList<string> Required { get; } = required;

    /// <summary>Further columns without which Fit cannot run, such as labels. Default: none.</summary>
    public IReadOnlyList<string> RequiredForFit { get; init; } = [];

    /// <summary>A type that the component must refuse for each of its columns. Default: a date.</summary>
    public DataViewType WrongType { get; init; } = DateTimeDataViewType.Instance;

    /// <summary>How many source rows beyond the current one may be read to produce one output row. Default: 0.</summary>
    public int MaximumLookahead { get; init; }

    /// <summary>Whether the same seed gives the same model. Default: yes.</summary>
    public bool IsDeterministic { get; init; } = true;

    /// <summary>Whether a row's output depends on that row alone. Default: yes.</summary>
    public bool IsRowIndependent { get; init; } = true;

    /// <summary>Whether Fit watches the token given to <see cref="Create"/>. Default: yes.</summary>
    public bool SupportsCancellation { get; init; } = true;

    /// <summary>Whether the component uses TorchSharp: native memory and global state are then checked. Default: yes.</summary>
    public bool UsesTorch { get; init; } = true;

    /// <summary>The largest difference between floating point outputs that should be equal but are computed in another order. Default: 1e-5.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>The live options object of the estimator made last, to see whether Fit writes to it. Default: not checked.</summary>
    public Func<object>? Options { get; init; }

    /// <summary>Makes the estimator for another device, for example <c>cuda:0</c>. Default: the component has no choice of device.</summary>
    public Func<MLContext, string, IEstimator<ITransformer>>? CreateOnDevice { get; init; }

    /// <summary>The largest difference between the answers of a GPU and of the CPU. Default: 1e-3.</summary>
    public double GpuTolerance { get; init; } = 1e-3;
}
