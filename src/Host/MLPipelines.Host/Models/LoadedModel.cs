using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Host.Training;
using MLPipelines.Persistence;

namespace MLPipelines.Host.Models;

/// <summary>A model file that was opened: the ML.NET pipeline, and what the tool can do with it.</summary>
internal sealed class LoadedModel : IDisposable
{
    private static readonly IReadOnlyList<IModelTask> s_tasks =
        [.. Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsAssignableTo(typeof(IModelTask)) && type.IsClass).Select(type => (IModelTask)Activator.CreateInstance(type)!)];

    private readonly Lazy<JsonObject?> _config;

    private LoadedModel(MLContext context, ITransformer transformer, DataViewSchema? inputSchema, string path)
    {
        Context = context;
        Transformer = transformer;
        Steps = transformer is IEnumerable<ITransformer> chain ? [.. chain] : [transformer];
        InputSchema = inputSchema ?? new DataViewSchema.Builder().ToSchema();
        FilePath = path;
        _config = new(() => ConfigInModel.Read(path));
        (Task, PackageOrNull, AddedAfterwards) = Recognize();
    }

    /// <summary>What the tool can do with any model.</summary>
    internal static IModelTask AnyModel => s_tasks.Single(task => task.ComponentId is null);

    internal MLContext Context { get; }

    internal ITransformer Transformer { get; }

    /// <summary>The steps of the pipeline in order.</summary>
    internal IReadOnlyList<ITransformer> Steps { get; }

    /// <summary>The columns of the data that the model was saved with; none where it was saved without.</summary>
    internal DataViewSchema InputSchema { get; }

    /// <summary>The columns that the model gives for data with the columns that it was saved with.</summary>
    internal DataViewSchema OutputSchema => Transformer.GetOutputSchema(InputSchema);

    /// <summary>The description of the component that <see cref="Task"/> belongs to.</summary>
    internal PackageDescription Package => PackageOrNull ?? throw new UsageException($"{FilePath}: found an ML.NET model of {StepNames}, expected a model that MLPipelines trained, such as one from `mlp train ner`.");

    /// <summary>The description of the last component of ours; null for a model of ML.NET's own steps.</summary>
    internal PackageDescription? PackageOrNull { get; }

    /// <summary>The columns that steps after the component add to what the task gives.</summary>
    internal IReadOnlyList<string> AddedAfterwards { get; }

    internal string FilePath { get; }

    /// <summary>The configuration that made the model; null where the tool did not train it.</summary>
    internal JsonObject? Config => _config.Value;

    /// <summary>What the tool can do with this model.</summary>
    internal IModelTask Task { get; }

    /// <summary>The names of the steps, for messages.</summary>
    internal string StepNames => Steps.Count == 0 ? "no steps" : string.Join(", ", Steps.Select(step => step.GetType().Name.Split('`')[0]));

    /// <param name="path">The file.</param>
    /// <param name="device">Where it shall compute; null leaves that to the model.</param>
    internal static LoadedModel Open(string path, string? device = null)
    {
        var context = new MLContext();
        using var stream = InputFile.Open(path, "the model");
        InputFile.RequireSeek(stream, path, "the model");
        if (stream.Length == 0)
        {
            throw new UsageException($"{path}: the model file is empty.");
        }

        PackedSize.Check(stream, path);
        ITransformer transformer;
        DataViewSchema? schema;
        try
        {
            transformer = context.Model.Load(stream, out schema);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new UsageException(Explained(error) is { } known ? $"{path}: {known}"
                : $"{path}: this is not a readable model: {error.GetBaseException().Message.Trim().TrimEnd('.')}. The file may be incomplete, or was not saved by ML.NET.");
        }

        return new LoadedModel(context, device is null ? transformer : ModelSettings.OnDevice(context, transformer, device), schema, path);
    }

    /// <summary>Fails where the model was saved without the columns of its data.</summary>
    internal void RequireColumns()
    {
        if (InputSchema.Count == 0)
        {
            throw new UsageException($"{FilePath}: the model was saved without the columns that it reads. Save it with the schema of its data: mlContext.Model.Save(model, data.Schema, path).");
        }
    }

    /// <summary>The columns after the first steps.</summary>
    internal DataViewSchema SchemaAfter(int steps) => Steps.Take(steps).Aggregate(InputSchema, (schema, step) => step.GetOutputSchema(schema));

    public void Dispose() => (Transformer as IDisposable)?.Dispose();

    /// <summary>The task of the last component of ours, unless steps after it make something else of what it gives.</summary>
    private (IModelTask Task, PackageDescription? Package, IReadOnlyList<string> AddedAfterwards) Recognize()
    {
        PackageDescription? last = null;
        for (var step = Steps.Count - 1; step >= 0; step--)
        {
            if (Steps[step] is not IPackable packable)
            {
                continue;
            }

            var package = packable.Describe();
            last ??= package;
            if (s_tasks.FirstOrDefault(task => task.ComponentId == package.ComponentId) is { } task)
            {
                return Fitting(task, step) is { } added ? (task, package, added) : (AnyModel, last, []);
            }
        }

        return (AnyModel, last, []);
    }

    /// <summary>What later steps add where the task fits all the same; null where it does not.</summary>
    private IReadOnlyList<string>? Fitting(IModelTask task, int step)
    {
        try
        {
            return task.MakesVectors ? EmbeddingSource.IsPossible(this) && (step == Steps.Count - 1 || ModelColumns.EndsInVector(this)) ? [] : null
                : step == Steps.Count - 1 ? [] : ModelColumns.AddedAfter(this, step);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // Saved without the columns that it reads; the task's own columns are all that is known then.
            return [];
        }
    }

    // A message with a code says what is wrong; what it wraps says how the platform put it.
    private static string? Explained(Exception? error) => error is null ? null
        : error.Message.StartsWith("MLP034", StringComparison.Ordinal) ? error.Message.TrimEnd('.') + ", or give its folder with --plugins."
        : error.Message.StartsWith("MLP", StringComparison.Ordinal) ? error.Message : Explained(error.InnerException);
}
