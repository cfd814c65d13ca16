using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that scores with a model; it saves the model and the schema that the model was trained with.</summary>
public abstract class PredictionTransformerBase<TModel> : IPredictionTransformer<TModel>, IDisposable
    where TModel : class
{
    private const string ModelFolder = "Model";
    private const string SchemaEntry = "TrainSchema";

    private protected readonly IHost Host;
    internal readonly DataViewSchema TrainSchema;
    private bool _isDisposed;

    private protected PredictionTransformerBase(IHost host, TModel model, DataViewSchema trainSchema)
    {
        host.CheckValue(model, nameof(model));
        host.CheckValue(trainSchema, nameof(trainSchema));
        Host = host;
        Model = model;
        TrainSchema = trainSchema;
    }

    private protected PredictionTransformerBase(IHost host, ModelLoadContext ctx, TModel model)
    {
        Host = host;
        Model = model;
        DataViewSchema schema = null;
        ctx.TryLoadBinaryStream(SchemaEntry, reader =>
        {
            // The stream of an entry need not be able to seek.
            using var copy = new MemoryStream();
            reader.BaseStream.CopyTo(copy);
            copy.Position = 0;
            using var channel = host.Start("Loading train schema");
            schema = IdvSchema.Read(channel, copy);
        });
        host.CheckDecode(schema is not null, "Corrupt model file: it has no training schema");
        TrainSchema = schema;
    }

    public TModel Model { get; }

    bool ITransformer.IsRowToRowMapper => true;

    internal static TModel LoadModel(IHost host, ModelLoadContext ctx)
    {
        ctx.LoadModel<TModel, SignatureLoadModel>(host, out var model, ModelFolder);
        return model;
    }

    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    private protected abstract RowMapper MakeRowMapper(DataViewSchema schema);

    public IDataView Transform(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        return new MappedView(Host, input, MakeRowMapper(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return new MappedView(Host, new EmptyDataView(Host, inputSchema), MakeRowMapper(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        SaveCore(ctx);
    }

    private protected virtual void SaveCore(ModelSaveContext ctx)
    {
        ctx.SaveModel(Model, ModelFolder);
        ctx.SaveBinaryStream(SchemaEntry, writer =>
        {
            using var channel = Host.Start("Saving train schema");
            IdvSchema.Write(channel, writer.BaseStream, TrainSchema);
        });
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        (Model as IDisposable)?.Dispose();
        _isDisposed = true;
        GC.SuppressFinalize(this);
    }
}
