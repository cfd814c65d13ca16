using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Persistence;
using MLPipelines.Scoring;

namespace MLPipelines.Host.Models;

/// <summary>Has a loaded model compute in another way than it was saved for: on another device, say.</summary>
internal static class ModelSettings
{
    // Where a component's saved options say how it computes.
    private static readonly string[] s_sections = ["scoring", "embedding"];

    /// <summary>The same steps; those that can choose a device compute on the one given. The model given is used up.</summary>
    /// <param name="context">The context.</param>
    /// <param name="model">The model.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="UsageException">There is no such device.</exception>
    internal static ITransformer OnDevice(MLContext context, ITransformer model, string device)
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

        return Change(context, model is IEnumerable<ITransformer> chain ? chain : [model], new JsonObject { ["device"] = device });
    }

    /// <summary>The same steps; those that have all of these settings get the values given. The steps given are used up.</summary>
    /// <param name="context">The context.</param>
    /// <param name="steps">The steps of a model.</param>
    /// <param name="values">The settings by their names in the saved options.</param>
    internal static TransformerChain<ITransformer> Change(MLContext context, IEnumerable<ITransformer> steps, JsonObject values)
    {
        return new TransformerChain<ITransformer>([.. steps.Select(Changed)]);

        ITransformer Changed(ITransformer step)
        {
            if (step is not IPackable packable || SettingsOf(packable.Describe().Options) is null)
            {
                return step;
            }

            var package = packable.Pack();
            var settings = SettingsOf(package.Options)!;
            foreach (var (name, value) in values)
            {
                settings[name] = value?.DeepClone();
            }

            (step as IDisposable)?.Dispose();
            return LoadablePackage.Load(context, package);
        }

        JsonObject? SettingsOf(JsonObject options) => s_sections.Select(section => options[section] as JsonObject).FirstOrDefault(section => section is not null && values.All(value => section.ContainsKey(value.Key)));
    }
}
