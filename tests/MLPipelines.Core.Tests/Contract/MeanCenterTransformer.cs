using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Persistence;
using TorchSharp;

namespace MLPipelines.Core.Tests.Contract;

public sealed class MeanCenterTransformer(MeanCenter.Options options, float[] mean) : ITransformer, IPackable, IDisposable
{
    float _sharedBuffer;
    int _calls;

    internal Fault Fault => options.Fault;

    internal string InputColumn => options.InputColumn;

    internal bool IsDisposed { get; private set; }

    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        var schema = MeanCenter.Translated(options, () => MeanCenter.ScoreContract(options).GetOutputSchema(inputSchema));
        if (schema is null || Fault == Fault.DeliversMoreThanPromised)
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumns(schema ?? inputSchema);
            builder.AddColumn("Extra", NumberDataViewType.Single);
            return builder.ToSchema();
        }

        return schema;
    }

    public IDataView Transform(IDataView input)
    {
        ObjectDisposedException.ThrowIf(IsDisposed && Fault != Fault.ScoresAfterDispose, this);
        var schema = GetOutputSchema(input.Schema);
        if (Fault == Fault.EagerTransform)
        {
            using var cursor = input.GetRowCursor(input.Schema);
            while (cursor.MoveNext())
            {
            }
        }

        return new MeanCenterView(this, input, schema);
    }

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new MeanCenterMapper(this, inputSchema, GetOutputSchema(inputSchema));

    public ModelPackage Pack() => new(
        typeof(MeanCenter), OptionsJson.Write(options), new Dictionary<string, TensorData> { ["mean"] = new("F32", [1], BitConverter.GetBytes(mean[0])) });

    void ICanSaveModel.Save(ModelSaveContext ctx) => LoadablePackage.Save(ctx, Pack());

    public void Dispose() => IsDisposed = true;

    /// <summary>The value of the output column, given the input column's getter.</summary>
    internal ValueGetter<float> Score(ValueGetter<float> input)
    {
        var (previous, value) = (0f, 0f);
        return (ref float result) =>
        {
            ObjectDisposedException.ThrowIf(IsDisposed && Fault is not (Fault.ScoresAfterDispose or Fault.OldViewScoresAfterDispose), this);
            input(ref value);
            result = Center(value);
            if (Fault == Fault.SeesNeighbours) (result, previous) = (result + (0.1f * previous), value);
            if (Fault == Fault.NotRepeatable) result += 0.01f * Interlocked.Increment(ref _calls);
        };
    }

    float Center(float value)
    {
        if (Fault == Fault.LeaksTensorWhenScoring) torch.zeros(1);
        if (Fault == Fault.DrawsFromGlobalGenerator) torch.rand(1).Dispose();
        if (Fault == Fault.LeavesGradientsOff) torch.set_grad_enabled(false);
        if (Fault != Fault.SharedBuffer) return value - mean[0];
        _sharedBuffer = value;
        Thread.Sleep(1);
        return _sharedBuffer - mean[0];
    }
}
