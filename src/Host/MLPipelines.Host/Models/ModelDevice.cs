using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Persistence;
using MLPipelines.Scoring;

namespace MLPipelines.Host.Models;

/// <summary>Has a loaded model compute on another device than it was saved for.</summary>
internal static class ModelDevice
{
    private const string Key = "device";

    /// <summary>The same steps; those that can choose a device compute on the one given. The model given is used up.</summary>
    internal static ITransformer Change(MLContext context, ITransformer model, string device)
    {
        try
        {
            ComputeDevice.Parse(device);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            (model as IDisposable)?.Dispose();
            throw new UsageException($"--device: {error.Message}");
        }

        IEnumerable<ITransformer> steps = model is IEnumerable<ITransformer> chain ? chain : [model];
        return new TransformerChain<ITransformer>([.. steps.Select(step => Change(step))]);

        ITransformer Change(ITransformer step)
        {
            if (step is not IPackable packable || Settings(packable.Describe().Options) is null)
            {
                return step;
            }

            var package = packable.Pack();
            (step as IDisposable)?.Dispose();
            Settings(package.Options)![Key] = device;
            return LoadablePackage.Load(context, package);
        }
    }

    private static JsonObject? Settings(JsonObject options) => ((string[])["scoring", "embedding"]).Select(name => options[name] as JsonObject).FirstOrDefault(settings => settings?.ContainsKey(Key) == true);
}
