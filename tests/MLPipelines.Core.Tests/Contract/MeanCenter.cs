using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using TorchSharp;

namespace MLPipelines.Core.Tests.Contract;

/// <summary>Subtracts the training mean from a float column: the smallest estimator that obeys the contract, and, with a fault, one that does not.</summary>
[PipelineComponent("toy.mean-center.v1", Source = "none: a test double")]
public sealed class MeanCenter(MeanCenter.Options options) : IEstimator<MeanCenterTransformer>, IPackageLoader
{
    public sealed record Options
    {
        public string InputColumn { get; init; } = "X";

        public string LabelColumn { get; init; } = "Label";

        public string OutputColumn { get; init; } = "Y";

        public Fault Fault { get; init; }

        public int RowsSeen { get; set; }

        [JsonIgnore]
        public CancellationToken CancellationToken { get; init; }
    }

    float[]? _sharedMean;

    public MeanCenterTransformer Fit(IDataView input)
    {
        Required(options, input.Schema, "fit");
        if (options.Fault != Fault.IgnoresCancel) options.CancellationToken.ThrowIfCancellationRequested();
        var state = torch.zeros(1);
        var kept = false;
        try
        {
            var mean = Mean(input);
            var shared = options.Fault == Fault.SharesStateBetweenFits ? _sharedMean ??= new float[1] : new float[1];
            shared[0] = mean;
            var transformer = new MeanCenterTransformer(options with { }, shared);
            kept = options.Fault == Fault.LeaksTensorInFit;
            return transformer;
        }
        catch (Exception exception)
        {
            kept = exception is OperationCanceledException ? options.Fault == Fault.LeaksTensorWhenCancelled : options.Fault == Fault.LeaksTensorWhenFitThrows;
            throw;
        }
        finally
        {
            if (!kept) state.Dispose();
        }
    }

    float Mean(IDataView input)
    {
        var column = input.Schema[options.InputColumn];
        var cursor = input.GetRowCursor([column]);
        try
        {
            var getter = cursor.GetGetter<float>(column);
            var (sum, rows, value) = (0f, 0, 0f);
            while (cursor.MoveNext())
            {
                if (options.Fault != Fault.IgnoresCancel) options.CancellationToken.ThrowIfCancellationRequested();
                getter(ref value);
                sum += value;
                rows++;
            }

            if (options.Fault == Fault.WritesOptions) options.RowsSeen = rows;
            return sum / Math.Max(rows, 1) + (options.Fault == Fault.RandomFit ? new Random().NextSingle() : 0);
        }
        finally
        {
            if (options.Fault != Fault.LeaksCursorInFit) cursor.Dispose();
        }
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        if (options.Fault == Fault.LiesAboutSchema)
            return new SchemaContract(ColumnSpec.Produced(options.OutputColumn, new VectorDataViewType(NumberDataViewType.Single, 1))).GetOutputSchema(inputSchema);
        return Translated(options, () => FitContract(options).GetOutputSchema(inputSchema));
    }

    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        var options = OptionsJson.Read<Options>(package.Options, package.ComponentId);
        var mean = BitConverter.ToSingle(package.Tensors["mean"].Data.Span);
        return new MeanCenterTransformer(options, [options.Fault == Fault.ForgetsStateOnSave ? 0 : mean]);
    }

    internal static SchemaContract FitContract(Options options) => Contract(options, withLabel: true);

    internal static SchemaContract ScoreContract(Options options) => Contract(options, withLabel: options.Fault == Fault.NeedsLabelToScore);

    static SchemaContract Contract(Options options, bool withLabel)
    {
        var columns = new List<ColumnSpec> { Input(options), ColumnSpec.Produced(options.OutputColumn, NumberDataViewType.Single) };
        if (withLabel) columns.Insert(1, ColumnSpec.Required(options.LabelColumn, "label", NumberDataViewType.Single));
        return new([.. columns]);
    }

    static ColumnSpec Input(Options options) => ColumnSpec.Required(options.InputColumn, "input", NumberDataViewType.Single);

    internal static void Required(Options options, DataViewSchema schema, string when)
        => Translated(options, () =>
        {
            (when == "fit" ? FitContract(options) : ScoreContract(options)).Check(schema);
            return 0;
        });

    internal static T Translated<T>(Options options, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (ArgumentOutOfRangeException) when (options.Fault == Fault.VagueError)
        {
            throw new ArgumentException("bad input");
        }
        catch (ArgumentOutOfRangeException exception) when (options.Fault == Fault.WrongExceptionType)
        {
            throw new NotSupportedException(exception.Message);
        }
        catch (ArgumentOutOfRangeException exception) when (options.Fault == Fault.LateTypeError && exception.Message.Contains("MLP021", StringComparison.Ordinal))
        {
            return default!;
        }
    }
}
