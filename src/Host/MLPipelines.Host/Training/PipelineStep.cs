using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Stock;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>One step of a pipeline, its component found and its options checked.</summary>
/// <param name="Id">The component's id.</param>
/// <param name="Options">Every option.</param>
/// <param name="Trainer">The options of a step that trains.</param>
/// <param name="Create">Makes the estimator.</param>
internal sealed record PipelineStep(string Id, JsonObject Options, TrainerOptions? Trainer, Func<MLContext, TrainerHooks, IEstimator<ITransformer>> Create)
{
    internal JsonObject Describe() => new() { ["component"] = Id, ["options"] = Options.DeepClone() };

    /// <summary>Finds a step's component and checks its options.</summary>
    /// <param name="step">The step.</param>
    /// <param name="registry">The components to choose from.</param>
    /// <param name="trainer">Defaults of the task's own trainer and what was said about it elsewhere in the file and by flags.</param>
    internal static PipelineStep Resolve(ConfigStep step, ComponentRegistry registry, TrainerSettings? trainer)
    {
        if (StockCatalog.IsStock(step.Component))
        {
            return Stock(step);
        }

        try
        {
            var info = new ComponentReference(step.Component).Find<IEstimator<ITransformer>>(registry);
            return info.Type == trainer?.Component.Type ? OfTrainer(info, (TrainerOptions)trainer.Read(step)) : OfComponent(info, step);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{step.Where("")}: {error.Message}");
        }
    }

    /// <summary>A step that trains, from options that are checked already.</summary>
    internal static PipelineStep OfTrainer(ComponentInfo info, TrainerOptions options) => new(
        info.Id, OptionsJson.Write(options with { Resume = false, CheckpointDirectory = null }), options, (context, hooks) => info.Create<IEstimator<ITransformer>>(hooks.AddTo(options), context));

    private static PipelineStep OfComponent(ComponentInfo info, ConfigStep step)
    {
        if (info.OptionsType is null)
        {
            return new(info.Id, [], null, (context, _) => info.Create<IEstimator<ITransformer>>(null, context));
        }

        var defaults = Activator.CreateInstance(info.OptionsType)!;
        if (defaults is TrainerOptions training)
        {
            defaults = training with { OnCancellation = CancellationBehavior.ReturnBest };
        }

        var table = new SettingTable(defaults);
        var options = table.Create(table.Read(step.Options, step.Where), new Dictionary<Setting, JsonNode?>());
        return options is TrainerOptions trainer ? OfTrainer(info, trainer) : new(info.Id, OptionsJson.Write(options), null, (context, _) => info.Create<IEstimator<ITransformer>>(options, context));
    }

    /// <summary>Checks the options of components that are options themselves, such as an optimiser's: their names and values, not yet whether they fit together.</summary>
    internal static void CheckReferences(object options, ComponentRegistry registry)
    {
        foreach (var setting in new SettingTable(options).Settings)
        {
            var references = setting.Default as IEnumerable<ComponentReference> ?? (setting.Default is ComponentReference one ? [one] : []);
            foreach (var reference in references)
            {
                var named = registry.Components.Where(component => Spellings(component).Contains(reference.Component)).ToList();
                if (named.Count == 0)
                {
                    var nearest = Names.Nearest(reference.Component, registry.Components.SelectMany(Spellings));
                    var meant = registry.Components.FirstOrDefault(component => Spellings(component).Contains(nearest))?.Id;
                    throw new UsageException($"\"{setting.JsonPath}\": there is no component \"{reference.Component}\"." + (meant is null ? " mlp components lists those that there are." : $" Did you mean \"{meant}\"?"));
                }

                if (reference.Options is not null && named is [{ OptionsType: not null } component])
                {
                    new SettingTable(Activator.CreateInstance(component.OptionsType!)!).Read(reference.Options!.DeepClone().AsObject(), key => $"\"{setting.JsonPath}\", option \"{key}\" of '{component.Id}'");
                }
            }
        }
    }

    private static string[] Spellings(ComponentInfo component) => [component.Id, component.Name, $"{component.Kind}.{component.Name}", $"{component.Name}.v{component.Version}"];

    private static PipelineStep Stock(ConfigStep step)
    {
        var (name, overloads) = StockCatalog.Find(StockCatalog.Instance.Steps, step.Component, step.Where(""));
        var method = Choose(step, name, overloads);
        var options = method.Complete(step.Options);

        // A value of the wrong type is found now, not after the steps before it were fitted.
        method.Invoke(new MLContext(), options, null, step.Where);
        return new(name, options, null, (context, _) => (IEstimator<ITransformer>)method.Invoke(context, options, null, step.Where));
    }

    internal static StockMethod Choose(ConfigStep step, string name, IReadOnlyList<StockMethod> overloads)
    {
        if (overloads.FirstOrDefault(method => method.Fits(step.Options)) is { } method)
        {
            return method;
        }

        var known = overloads.SelectMany(overload => overload.Parameters).Select(parameter => parameter.Name!).Distinct().ToList();
        foreach (var (key, _) in step.Options.Where(option => !known.Any(parameter => Names.Key(parameter) == Names.Key(option.Key))))
        {
            throw new UsageException($"{step.Where(key)}: unknown key \"{key}\" of \"{name}\"." + Names.Suggestion(key, known));
        }

        var needed = overloads[0].Parameters.Where(parameter => !StockMethod.IsOptional(parameter)).Select(parameter => $"\"{parameter.Name}\" ({StockMethod.Expected(parameter.ParameterType)})");
        throw new UsageException($"{step.Where("")}: \"{name}\" needs the options {string.Join(", ", needed)}.");
    }
}
