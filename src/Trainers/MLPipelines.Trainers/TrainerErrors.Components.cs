using System.Reflection;
using MLPipelines.Components;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Steps;

namespace MLPipelines.Trainers;

/// <summary>Messages of optimisers, regularisers and losses.</summary>
static partial class TrainerErrors
{
    public static ArgumentException RuleFitsNothing(string names, IEnumerable<string> parameters) => new(Errors.Text(
        "MLP220", $"no parameter has a name like '{names}'", expected: List([.. parameters])));

    public static ArgumentException NoLayers(IEnumerable<string> parameters) => new(Errors.Text(
        "MLP221", "layer decay needs parameters whose names say their layer", expected: "names such as 'encoder.layer.3.attention.self.query.weight'", got: List([.. parameters])));

    public static InvalidOperationException NeedsTask(string step, Type needed, object task) => new(Errors.Text(
        "MLP222", $"'{step}' cannot be used with this task", expected: $"a task that implements {needed.Name}", got: task.GetType().Name, advice: "Leave the step out, or implement the interface"));

    public static ArgumentException StepNotForTrainer(ITrainingStep step, string trainer) => new(Errors.Text(
        "MLP226", $"'{NameOf(step)}' cannot be used by '{trainer}', whose task is no {step.NeededTask.Name}", advice: "Leave it out"));

    public static ArgumentException LossNotForLabels(ILoss loss) => new(Errors.Text(
        "MLP227", $"'{NameOf(loss)}' cannot be used for labels of which any number may apply", expected: "a loss that takes a probability for each label, such as 'zlpr-soft' or 'sigmoid-cross-entropy'",
        got: loss.Targets switch { LossTargets.OneClass => "one for the one class that is true", LossTargets.Indices => "one for the indices of true classes", _ => "one for something else" }));

    public static ArgumentException LossNotForMixtures(ILoss loss) => new(Errors.Text(
        "MLP228", $"'{NameOf(loss)}' takes labels that apply or do not, and blended rows have labels between", expected: "a loss that takes probabilities, such as 'zlpr-soft'", advice: "Choose one, or leave mixup out"));

    public static InvalidOperationException DifferentBlends() => new(Errors.Text(
        "MLP229", "R-Drop compares two answers to one batch, and a step inside it blends the rows differently for each", expected: "blending around R-Drop", advice: "Name 'mixup' before 'r-drop'"));

    static string NameOf(object component) => component.GetType().GetCustomAttribute<PipelineComponentAttribute>()?.Id ?? component.GetType().Name;

    public static InvalidOperationException EvaluationSkipped() => new(Errors.Text(
        "MLP225", "a training step did not evaluate the model", expected: "a call of 'next' in ITrainingStep.Evaluate"));

    public static ArgumentException ClassWeights(long classes, int weights) => new(Errors.Text(
        "MLP224", "the loss needs one weight for each class", expected: Invariant($"{classes} weights"), got: Invariant($"{weights}")));

    public static InvalidOperationException NoTable(string? table, IReadOnlyList<string> tables) => new(Errors.Text(
        "MLP223", table is null ? "the model has no embedding table to perturb" : $"the model has no embedding table '{table}'", expected: tables.Count == 0 ? "an Embedding module" : $"one of {List(tables)}"));
}
