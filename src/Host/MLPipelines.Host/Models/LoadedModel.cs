using System.Reflection;
using Microsoft.ML;
using MLPipelines.Persistence;

namespace MLPipelines.Host.Models;

/// <summary>A model file that was opened: the ML.NET pipeline, and the package of the one component in it that the tool knows how to use.</summary>
internal sealed class LoadedModel : IDisposable
{
    private static readonly IReadOnlyList<IModelTask> s_tasks =
        [.. Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsAssignableTo(typeof(IModelTask)) && type.IsClass).Select(type => (IModelTask)Activator.CreateInstance(type)!)];

    private LoadedModel(MLContext context, ITransformer transformer, IReadOnlyList<ITransformer> steps, DataViewSchema inputSchema, ModelPackage package, string path)
    {
        Context = context;
        Transformer = transformer;
        Steps = steps;
        InputSchema = inputSchema;
        Package = package;
        FilePath = path;
    }

    internal MLContext Context { get; }

    internal ITransformer Transformer { get; }

    /// <summary>The steps of the pipeline in order.</summary>
    internal IReadOnlyList<ITransformer> Steps { get; }

    /// <summary>The columns of the data that the model was saved with.</summary>
    internal DataViewSchema InputSchema { get; }

    internal ModelPackage Package { get; }

    internal string FilePath { get; }

    /// <summary>What the tool can do with this model.</summary>
    internal IModelTask Task => s_tasks.FirstOrDefault(task => task.ComponentId == Package.ComponentId)
        ?? throw new UsageException($"{FilePath}: this is a model of '{Package.ComponentId}', expected one of: {string.Join(", ", s_tasks.Select(task => $"{task.Name} ({task.ComponentId})"))}.");

    internal static LoadedModel Open(string path)
    {
        var context = new MLContext();
        using var stream = InputFile.Open(path, "the model");
        if (stream.Length == 0)
        {
            throw new UsageException($"{path}: the model file is empty.");
        }

        ITransformer transformer;
        DataViewSchema schema;
        try
        {
            transformer = context.Model.Load(stream, out schema);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new UsageException(Explained(error) is { } known ? $"{path}: {known}"
                : $"{path}: this is not a readable model: {error.GetBaseException().Message.Trim().TrimEnd('.')}. The file may be incomplete, or was not saved by ML.NET.");
        }

        IReadOnlyList<ITransformer> steps = transformer is IEnumerable<ITransformer> chain ? [.. chain] : [transformer];
        var packable = steps.OfType<IPackable>().LastOrDefault();
        if (packable is null)
        {
            (transformer as IDisposable)?.Dispose();
            throw new UsageException($"{path}: found an ML.NET model of {Names(steps)}, expected a model that MLPipelines trained, such as one from `mlp train ner`.");
        }

        return new LoadedModel(context, transformer, steps, schema, packable.Pack(), path);
    }

    public void Dispose() => (Transformer as IDisposable)?.Dispose();

    private static string Names(IReadOnlyList<ITransformer> steps) => steps.Count == 0 ? "no steps" : string.Join(", ", steps.Select(step => step.GetType().Name));

    // A message with a code says what is wrong; what it wraps says how the platform put it.
    private static string? Explained(Exception? error) => error is null ? null
        : error.Message.StartsWith("MLP034", StringComparison.Ordinal) ? error.Message.TrimEnd('.') + ", or give its folder with --plugins."
        : error.Message.StartsWith("MLP", StringComparison.Ordinal) ? error.Message : Explained(error.InnerException);
}
